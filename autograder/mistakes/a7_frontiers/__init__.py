"""Wrong and right solutions of a7_frontiers."""

from __future__ import annotations

from . import compression, residual, right_first

WRONG = (*residual.WRONG, *compression.WRONG)
RIGHT = right_first.RIGHT
