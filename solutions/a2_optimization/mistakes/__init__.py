"""Wrong and right solutions of a2_optimization."""

from __future__ import annotations

from autograder.author import rewritten as make

from . import loop, optim, rewritten, right

WRONG = (*loop.WRONG, *optim.WRONG)
RIGHT = right.RIGHT
REWRITTEN = make(WRONG, RIGHT, rewritten.EDITS)
