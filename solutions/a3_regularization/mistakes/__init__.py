"""Wrong and right solutions of a3_regularization."""

from __future__ import annotations

from autograder.author import rewritten as make

from . import chance, penalties, rewritten, right

WRONG = (*penalties.WRONG, *chance.WRONG)
RIGHT = right.RIGHT
REWRITTEN = make(WRONG, RIGHT, rewritten.EDITS)
