"""`python -m autograder`: the command `dlc`, in an interpreter that no folder or variable can bend."""

from __future__ import annotations

from .interpreter import isolate

if __name__ == "__main__":
    isolate("autograder")
    from .cli import main

    main()
