"""Wrong and right solutions of a3_regularization."""

from __future__ import annotations

from . import chance, penalties, right

WRONG = (*penalties.WRONG, *chance.WRONG)
RIGHT = right.RIGHT
