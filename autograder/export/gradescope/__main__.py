"""`python -m autograder.export.gradescope /autograder`."""

from __future__ import annotations

import sys
from pathlib import Path

from .run import run

if __name__ == "__main__":
    raise SystemExit(run(Path(sys.argv[1])))
