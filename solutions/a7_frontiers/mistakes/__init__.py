"""Wrong and right solutions of a7_frontiers."""

from __future__ import annotations

from autograder.author import rewritten as make

from . import compression, explain, reinforcement, residual, rewritten, right_first, right_second

WRONG = (*residual.WRONG, *compression.WRONG, *explain.WRONG, *reinforcement.WRONG)
RIGHT = (*right_first.RIGHT, *right_second.RIGHT)
REWRITTEN = make(WRONG, RIGHT, rewritten.EDITS)
