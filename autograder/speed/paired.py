"""Contestants timed in turn on the same fresh inputs, until the ratio of their times is known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import GraderError
from .interval import Interval, median_interval

_SHOWN = 3  # rounds, of which one is at all sizes
_FEWEST = 3  # rounds of a measurement that takes too long

# Runs once on the inputs and gives the seconds that the trusted clock saw, and what came back.
Contestant = Callable[[Any], tuple[float, Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """When to stop measuring.

    Args:
        precision: half-width of the ratio's interval that is narrow enough, as a share of the median.
        least: rounds at least.
        most: rounds at most.
        heat: rounds after which everyone starts in a fresh process.
        seconds: after which no further round begins.
        unstable: half-width above which the measurement is repeated once.

    Raises:
        GraderError: a number of rounds is below 1, `most` below `least`, or another figure not positive.
    """

    precision: float = 0.03
    least: int = 40
    most: int = 120
    heat: int = 4
    seconds: float = 6.0
    unstable: float = 0.10

    def __post_init__(self) -> None:
        if not (1 <= self.least <= self.most and self.heat >= 1):
            raise GraderError("a Rule needs 1 <= least <= most and heat >= 1")
        if not (self.precision > 0 and self.seconds > 0 and self.unstable > 0):
            raise GraderError("a Rule needs precision, seconds and unstable above 0")


@dataclass
class Laps:
    """The times of a race: `times[contestant][size]` holds the seconds of one call for each round."""

    times: dict[str, dict[int, list[float]]] = field(default_factory=dict)

    def add(self, who: str, size: int, seconds: float) -> None:
        """Append the seconds of one call."""
        self.times.setdefault(who, {}).setdefault(size, []).append(seconds)

    def extend(self, later: Laps) -> None:
        """Append all rounds of a repetition."""
        for who, sizes in later.times.items():
            for size, seconds in sizes.items():
                self.times.setdefault(who, {}).setdefault(size, []).extend(seconds)

    def net(self, who: str, size: int) -> list[float]:
        """Seconds of a contestant in each round, less those of "null", which measures the round trip."""
        nulls = self.times.get("null", {}).get(size)
        own = self.times[who][size]
        if not nulls:
            return own
        way = median_interval(nulls).median
        return [seconds - way for seconds in own]

    def ratio(self, who: str, other: str, size: int) -> Interval:
        """Net time of `other` / net time of `who`, by paired rounds.

        At one size: what a way there and back takes is known from "null". To take the time of a smaller
        size off instead, the slope over two sizes, made the spread of the ratio two to four times as large
        (80 to 120 rounds of a convolution on one core, resampled).
        """
        pairs = zip(self.net(other, size), self.net(who, size), strict=True)
        # A round in which noise made a call faster than an empty one says nothing of a ratio.
        return median_interval([b / a for b, a in pairs if a > 0 and b > 0] or [0.0])


def interleave(
    contestants: Mapping[str, Contestant],
    sizes: Sequence[int],
    draw: Callable[[int], tuple[Any, Any]],
    check: Callable[[str, int, Any, Any], None],
    renew: Callable[[], None],
    rule: Rule,
    chance: random.Random,
    settled: Callable[[Laps], bool],
) -> Laps:
    """Rounds of every contestant at the largest size, in random order, each on inputs drawn for that round.

    In every third round at the smaller sizes too, which are shown and decide nothing.

    Args:
        contestants: by name; all get the same inputs in a round.
        sizes: keys that `draw` understands, smallest first.
        draw: fresh inputs of a size, and the right answer to them; outside the clock.
        check: raises where (contestant, size, outputs, right answer) do not fit; outside the clock, for
            each timed call.
        renew: starts every contestant in a fresh process; the first one they are in already. Where its
            memory happens to lie makes a process some percent faster or slower for all its life, which no
            number of rounds averages out.
        rule: when to stop at the latest.
        chance: secret order of the calls.
        settled: whether what was measured so far is precise enough.
    """
    laps, start = Laps(), time.monotonic()
    for done in range(rule.most):
        late = time.monotonic() - start > rule.seconds
        if (done >= rule.least and settled(laps)) or (done >= _FEWEST and late):
            break
        if done and done % rule.heat == 0:
            renew()
            inputs, _ = draw(sizes[-1])
            for contestant in contestants.values():
                contestant(inputs)
        asked = list(sizes if done % _SHOWN == 0 else sizes[-1:])
        for size in chance.sample(asked, len(asked)):
            inputs, answer = draw(size)
            for who in chance.sample(list(contestants), len(contestants)):
                seconds, outputs = contestants[who](inputs)
                check(who, size, outputs, answer)
                laps.add(who, size, seconds)
    return laps
