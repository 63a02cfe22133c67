"""From a ratio of speeds to the share of the points that it earns."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import GraderError


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps along the logarithm of s = reference time / student time.

        share(s) = clip(ln(s / start) / ln(full / start), 0, 1), rounded down to whole steps

    Steps are at least a factor `step` apart, so that two honest runs of the same code differ by one
    step at most as long as noise stays below that factor; `grace` lowers every threshold. Logarithms,
    since a factor of two is the same achievement at every level; the course's own reference and not
    the vendor's library is the yardstick, since a library has had more time than a course gives.

    Args:
        start: s of a naive solution, which earns nothing.
        full: s that earns everything.
        step: factor between two thresholds, at least.
        grace: share by which a threshold may be missed.
        bonus_at: vendor time / student time that earns `bonus` on top; None for no bonus.
        bonus: share of the points.

    Raises:
        GraderError: not 0 < start < full, step > 1 and 0 <= grace < 1.
    """

    start: float = 0.1
    full: float = 0.85
    step: float = 1.5
    grace: float = 0.05
    bonus_at: float | None = None
    bonus: float = 0.1

    def __post_init__(self) -> None:
        if not (0 < self.start < self.full and self.step > 1 and 0 <= self.grace < 1):
            raise GraderError("a Curve needs 0 < start < full, step > 1 and 0 <= grace < 1")

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Ratios at which the next step begins, before grace, lowest first; the last one is `full`."""
        count = max(1, math.floor(math.log(self.full / self.start) / math.log(self.step) + 1e-9))
        factor = (self.full / self.start) ** (1 / count)
        return tuple(self.full / factor**place for place in range(count - 1, -1, -1))

    def share(self, ratio: float, vendor_ratio: float | None = None) -> float:
        """What a measurement earns.

        Args:
            ratio: reference time / student time; NaN and negative ones earn nothing.
            vendor_ratio: vendor time / student time, if that was measured.

        Returns:
            Share of the points, 0 to 1, or 1 + bonus.
        """
        thresholds = self.thresholds
        reached = sum(ratio >= threshold * (1 - self.grace) for threshold in thresholds)
        earned = reached / len(thresholds)
        outstanding = self.bonus_at is not None and vendor_ratio is not None and vendor_ratio >= self.bonus_at
        return earned + self.bonus if outstanding and earned == 1 else earned
