"""Wrong and right solutions of a2_optimization."""

from __future__ import annotations

from . import loop, optim, right

WRONG = (*loop.WRONG, *optim.WRONG)
RIGHT = right.RIGHT
