"""`python -m autograder`: the command `dlc`, in an interpreter that no folder or variable can bend."""

from __future__ import annotations

import os
import sys

from .interpreter import isolate

if __name__ == "__main__":
    try:
        isolate("autograder")
        from .cli import main
    except KeyboardInterrupt:  # while packages are imported, which takes a second
        print("dlc: interrupted", file=sys.stderr, flush=True)
        os._exit(130)  # sys.exit() would say "killed by Ctrl-C", since a module's code was cut off
    main()
