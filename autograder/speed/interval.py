"""The median of noisy samples, with an interval that assumes nothing of their distribution."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A median and where it lies with 95 % confidence."""

    median: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Half the interval, as a share of the median; infinite where the median is not positive."""
        return (self.high - self.low) / (2 * self.median) if self.median > 0 else math.inf


def median_interval(samples: Sequence[float]) -> Interval:
    """Median with its 95 % interval by order statistics.

    The number of n samples below the true median is binomial(n, 1/2); the interval runs from the k-th
    smallest to the k-th largest with the largest k that leaves at most 2.5 % on each side. With fewer
    than six samples no such k exists, and the interval is infinite.

    Source: David and Nagaraja, Order Statistics (2003), section 7.1. Raises ValueError for no samples.
    """
    if not samples:
        raise ValueError("a median needs at least one sample")
    ordered = sorted(samples)
    rank = _rank(len(ordered))
    if rank == 0:
        return Interval(statistics.median(ordered), -math.inf, math.inf)
    return Interval(statistics.median(ordered), ordered[rank - 1], ordered[-rank])


def _rank(count: int, outside: float = 0.025) -> int:
    """Largest k with P(binomial(count, 1/2) < k) at most `outside`."""
    below, rank = 0.0, 0
    while rank < count / 2:
        below += math.comb(count, rank) * 0.5**count
        if below > outside:
            break
        rank += 1
    return rank
