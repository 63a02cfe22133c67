"""From the times of a race to its verdict: the share of the points, or why they stay open."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model import SpeedPoint, TestResult, Timing, Verdict
from .contest import NULL, REFERENCE, STUDENT, VENDOR, Contest, Track
from .interval import Interval, median_interval
from .paired import Laps
from .roofline import Roof

_BEYOND = 1e6  # a ratio that stands for an interval without an end
_FAR = 1.25  # times what is suspicious: suspicious however wide the interval is
_BELOW = 0.9  # times the least that the device needs: nobody is that fast


@dataclass(frozen=True, slots=True)
class Finish:
    """The outcome of a race."""

    share: float | None  # of the points, 0 to 1 and a bonus; None where they stay open
    timing: Timing
    says: str  # for the student
    again: bool = False  # noise alone left them open

    def given_to(self, result: TestResult) -> TestResult:
        """The result of the test that held the race: it earns its share, or its points stay open.

        One that earns nothing has failed. A test that raised stays as it is.
        """
        if result.verdict is not Verdict.PASSED:
            return result
        told = replace(result, message=self.says, timing=self.timing)
        if self.share is None:
            return replace(told, verdict=Verdict.OPEN, again=self.again)
        verdict = Verdict.PASSED if self.share > 0 else Verdict.FAILED
        return replace(told, verdict=verdict, fraction=self.share)


def decided(contest: Contest, laps: Laps) -> bool:
    """Whether more rounds would change neither the points nor the doubt about them."""
    if VENDOR in laps.times:
        library, limit = _library(contest, laps)
        if library.low <= limit < library.median:
            return False
    return settled(contest, laps.ratio(STUDENT, REFERENCE, contest.indices[-1]), contest.rule.precision)


def settled(contest: Contest, ratio: Interval, width: float) -> bool:
    """Whether a ratio is known well enough: its interval is narrow, or lies within one step of the curve."""
    shares = {contest.curve.share(value) for value in (ratio.low, ratio.median, ratio.high)}
    return ratio.width <= width or len(shares) == 1


def finish(contest: Contest, track: Track, laps: Laps) -> Finish:
    """The verdict on a race.

    A speed that is too good to be true, clocks that contradict each other, and noise that reaches over
    more than one step of the curve leave the points open: neither given nor lost.
    """
    ratio = laps.ratio(STUDENT, REFERENCE, contest.indices[-1])
    roof = _roof(contest, laps, track)
    timing = Timing(
        ratio=ratio.median,
        low=max(ratio.low, 0.0),
        high=min(ratio.high, _BEYOND),
        samples=len(laps.times[STUDENT][contest.indices[-1]]),
        device=track.device,
        tier=track.tier,
        clocks=track.clocks(),
        stable=settled(contest, ratio, contest.rule.unstable),
        points=tuple(_point(contest, laps, index, roof) for index in contest.indices),
    )
    if doubt := track.doubt() or _too_good(contest, timing, laps):
        return Finish(None, timing, doubt)
    if noise := _too_noisy(contest, timing, ratio):
        return Finish(None, timing, noise, again=True)
    vendor = _library(contest, laps)[0].median if VENDOR in laps.times else None
    share = contest.curve.share(ratio.median, vendor)
    return Finish(share, timing, _sentence(contest, timing, share, vendor))


def _library(contest: Contest, laps: Laps) -> tuple[Interval, float]:
    """The library's time / the student's, and from where on that is suspicious.

    Where the course's own code is faster than the library, to be as fast as that proves nothing.
    """
    ours = laps.ratio(REFERENCE, VENDOR, contest.indices[-1]).median
    return laps.ratio(STUDENT, VENDOR, contest.indices[-1]), contest.suspicious * max(1.0, ours)


def _roof(contest: Contest, laps: Laps, track: Track) -> Roof | None:
    """The first estimate that nobody is above, or else the last; None for one that our own code is above."""
    index = contest.indices[-1]
    roof, above = None, set[str]()
    for roof in track.roofs():
        floor = roof.floor_s(contest.sizes[index].work, contest.arithmetic)
        above = {who for who in laps.times if who != NULL and _typical(laps, who, index) < _BELOW * floor}
        if not above:
            break
    return None if above - {STUDENT} else roof


def _typical(laps: Laps, who: str, index: int) -> float:
    return median_interval(laps.net(who, index)).median


def _point(contest: Contest, laps: Laps, index: int, roof: Roof | None) -> SpeedPoint:
    size = contest.sizes[index]
    return SpeedPoint(
        size=str(size),
        flops=size.work.flops,
        student_s=_typical(laps, STUDENT, index),
        reference_s=_typical(laps, REFERENCE, index),
        vendor_s=_typical(laps, VENDOR, index) if VENDOR in laps.times else None,
        floor_s=roof.floor_s(size.work, contest.arithmetic) if roof else None,
    )


def _too_good(contest: Contest, timing: Timing, laps: Laps) -> str:
    """Why a person has to look at it; empty where nobody has to.

    The whole interval has to be too good, so that noise sends no honest hand-in to a person, or else its
    middle far too good: a race goes on as long as its interval leaves the question open.
    """
    largest = timing.points[-1]
    if largest.floor_s is not None and largest.student_s < _BELOW * largest.floor_s:
        return (
            f"{contest.function} seems to take {largest.student_s:.2g} s, less than the "
            f"{largest.floor_s:.2g} s that {timing.device} needs at the very least; a person will look at it"
        )
    if VENDOR in laps.times:
        library, limit = _library(contest, laps)
        if library.low > limit or library.median > _FAR * limit:
            return (
                f"{contest.function} seems to be {library.median:.2g} times as fast as the vendor's library; "
                "a person will look at it"
            )
    return ""


def _too_noisy(contest: Contest, timing: Timing, ratio: Interval) -> str:
    """Why no points can be told; empty where noise changes them by one step at most."""
    steps = 1 / len(contest.curve.thresholds)
    apart = contest.curve.share(ratio.high) - contest.curve.share(ratio.low)
    if timing.stable or apart <= 1.5 * steps:
        return ""
    return (
        f"this machine was too busy to time {contest.function}: between {timing.low:.2f} and "
        f"{timing.high:.2f} times the speed of the course's own; it is to be graded again"
    )


def _sentence(contest: Contest, timing: Timing, share: float, vendor: float | None) -> str:
    told = f"{timing.ratio:.2f} times the speed of the course's own {contest.function}"
    if vendor is not None:
        told += f", {vendor:.2f} times that of the vendor's library"
    if share < 1:
        wanted = next(
            threshold for threshold in contest.curve.thresholds if contest.curve.share(threshold) > share
        )
        told += f"; the next step begins at {wanted:.2f}"
    return told if timing.stable else f"{told}; this machine was too busy for a precise figure"
