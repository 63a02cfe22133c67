"""The fixture `race` of a hidden test: the student's function against the course's own, side by side."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import OpenPoints
from ..model import SpeedPoint, Timing
from ..studentkit.kinds import StudentError
from .contest import NULL, REFERENCE, STUDENT, VENDOR, Contest, Finish, Inputs, Size, Track
from .interval import Interval, median_interval
from .operations import refuse_operations, told_refusal
from .paired import Contestant, Laps, interleave
from .roofline import Roof

_WARM_UPS = 2  # calls of each contestant at each size before any that counts
_NOT_HERE = "speed is measured by the grader only"
_HOPELESS = 3.0  # times slower than the slowest that earns anything: not worth measuring
_LEAST_LIMIT_S = 1.0  # of one call, whatever the reference takes
_BEYOND = 1e6  # a ratio that stands for an interval without an end
_FAR = 1.25  # times what is suspicious: suspicious however wide the interval is
_BELOW = 0.9  # times the least that the device needs: nobody is that fast
_LOOKS = 0.1  # share of the rounds before which a call is traced: nobody can count calls until it is over


class TooSlow(AssertionError):
    """The student's function is slower than what earns anything."""


class Race:
    """One submission's races. Raises OpenPoints where none can be held.

    The verdict rests on the clock of this process, in which no student code runs: it starts before the
    inputs of a call leave and stops when its outputs have arrived. Inputs are fresh for each call, and
    the outputs that were timed are the ones that are checked.
    """

    def __init__(
        self, cpu: Track | None = None, open_gpu: Callable[[], Track] | None = None, seed: int = 0
    ) -> None:
        self._cpu, self._open_gpu = cpu, open_gpu
        self._gpu: Track | None = None
        self._chance = random.Random(seed)
        self._finish: Finish | None = None

    def take_finish(self) -> Finish | None:
        """What the test that just ran found; None if it held no race."""
        finish, self._finish = self._finish, None
        return finish

    def cpu(self, contest: Contest, rng: Any) -> None:
        """Time on one processor core. Raises what a hidden test raises; the result is kept."""
        if self._cpu is None:
            raise OpenPoints(_NOT_HERE)
        self._finish = hold(contest, self._cpu, rng, self._chance)

    def gpu(self, contest: Contest, rng: Any) -> None:
        """Time on the GPU of this machine; without one the points stay open."""
        if self._open_gpu is None:
            raise OpenPoints(_NOT_HERE)
        self._gpu = self._gpu or self._open_gpu()
        self._finish = hold(contest, self._gpu, rng, self._chance)


def hold(contest: Contest, track: Track, rng: Any, chance: random.Random) -> Finish:
    """One race from warm-up to verdict.

    Raises TooSlow, StudentError for a forbidden operation, OpenPoints for a speed that a person has to
    look at, and whatever `Size.check` raises.
    """
    allowed = contest.allows
    track.confine(allowed.operations if allowed else None)
    try:
        return _raced(contest, track, rng, chance)
    except StudentError as error:
        told = told_refusal(error, allowed, contest.function) if allowed else None
        if told is None:
            raise
        raise told from error


def _raced(contest: Contest, track: Track, rng: Any, chance: random.Random) -> Finish:
    contestants = track.contestants(contest.module, contest.function, contest.vendor)
    places = range(len(contest.sizes))
    typical = _warm_up(contest, track, contestants, rng)
    for size in contest.sizes:
        _refuse_forbidden(contest, track, size, rng)

    def draw(place: int) -> tuple[Inputs, Any]:
        if chance.random() < _LOOKS:
            _refuse_forbidden(contest, track, contest.sizes[place], rng)
        inputs = contest.sizes[place].draw(rng, track.kind)
        return inputs, contest.sizes[place].answer(*inputs)

    def check(who: str, place: int, outputs: Any, answer: Any) -> None:
        if who != NULL:
            contest.sizes[place].check(outputs, answer)

    def run() -> Laps:
        return interleave(
            contestants,
            places,
            draw,
            check,
            track.renew,
            contest.rule,
            chance,
            lambda laps: _decided(contest, laps),
        )

    track.allow(_limit(contest, max(typical)))
    attempts = [run()]
    if not _settled(contest, attempts[0].ratio(STUDENT, REFERENCE, places), contest.rule.unstable):
        attempts.append(run())
    return _judged(contest, track, attempts)


def _decided(contest: Contest, laps: Laps) -> bool:
    """Whether both the points and the doubt about them are settled."""
    places = range(len(contest.sizes))
    if VENDOR in laps.times:
        library = laps.ratio(STUDENT, VENDOR, places)
        if library.low <= contest.suspicious < library.median:
            return False
    return _settled(contest, laps.ratio(STUDENT, REFERENCE, places), contest.rule.precision)


def _settled(contest: Contest, ratio: Interval, width: float) -> bool:
    """Whether more rounds would change nothing: the interval is narrow, or lies within one step."""
    shares = {contest.curve.share(each) for each in (ratio.low, ratio.median, ratio.high)}
    return ratio.width <= width or len(shares) == 1


def _limit(contest: Contest, reference_s: float) -> float:
    """Seconds after which a call is not worth waiting for."""
    return max(_LEAST_LIMIT_S, _HOPELESS * reference_s / contest.curve.start)


def _warm_up(contest: Contest, track: Track, contestants: Mapping[str, Contestant], rng: Any) -> list[float]:
    """Run everyone at every size before it counts; seconds of the reference at each size."""
    typical = []
    for size in contest.sizes:
        inputs = size.draw(rng, track.kind)
        for who in sorted(contestants):
            if who != STUDENT:
                seconds = [contestants[who](inputs)[0] for _ in range(_WARM_UPS)][-1]
                if who == REFERENCE:
                    typical.append(seconds)
        limit = _limit(contest, typical[-1])
        track.allow(limit)
        try:
            for _ in range(_WARM_UPS):
                _, found = contestants[STUDENT](inputs)
                size.check(found, size.answer(*inputs))
        except StudentError as error:
            if error.verdict == "timeout":
                raise _too_slow(contest, size, limit, typical[-1]) from error
            raise
    return typical


def _too_slow(contest: Contest, size: Size, seconds: float, reference_s: float) -> TooSlow:
    return TooSlow(
        f"{contest.function} takes more than {seconds:.2g} s for {size}, where the course's own takes "
        f"{reference_s:.2g} s; points for speed begin at {contest.curve.start:g} of its speed"
    )


def _refuse_forbidden(contest: Contest, track: Track, size: Size, rng: Any) -> None:
    """Trace one call that is not timed."""
    if contest.allows:
        ran = track.traced(contest.module, contest.function, size.draw(rng, track.kind))
        refuse_operations(ran, contest.allows, contest.function)


def _judged(contest: Contest, track: Track, attempts: Sequence[Laps]) -> Finish:
    places = range(len(contest.sizes))
    track.check_clocks()
    best = min(attempts, key=lambda laps: laps.ratio(STUDENT, REFERENCE, places).width)
    ratio = best.ratio(STUDENT, REFERENCE, places)
    library = best.ratio(STUDENT, VENDOR, places) if VENDOR in best.times else None
    roof = _roof(contest, best, track)
    timing = Timing(
        ratio=ratio.median,
        low=max(ratio.low, 0.0),
        high=min(ratio.high, _BEYOND),
        samples=len(best.times[STUDENT][0]),
        device=track.device,
        tier=track.tier,
        clocks=track.clocks(),
        stable=_settled(contest, ratio, contest.rule.unstable),
        points=tuple(_point(contest, best, place, roof) for place in places),
    )
    _set_aside(contest, timing, library)
    vendor = library.median if library else None
    shares = [contest.curve.share(each.ratio(STUDENT, REFERENCE, places).median, vendor) for each in attempts]
    return Finish(max(shares), timing, _sentence(contest, timing, max(shares), vendor))


def _roof(contest: Contest, laps: Laps, track: Track) -> Roof | None:
    """The first estimate that nobody is above, or else the last; None for one that our own code is above."""
    place = len(contest.sizes) - 1
    roof, above = None, set[str]()
    for roof in track.roofs():
        floor = roof.floor_s(contest.sizes[place].work, contest.arithmetic)
        above = {who for who in laps.times if who != NULL and _typical(laps, who, place) < _BELOW * floor}
        if not above:
            break
    return None if above - {STUDENT} else roof


def _typical(laps: Laps, who: str, place: int) -> float:
    return median_interval(laps.net(who, place)).median


def _point(contest: Contest, laps: Laps, place: int, roof: Roof | None) -> SpeedPoint:
    size = contest.sizes[place]
    return SpeedPoint(
        size=str(size),
        flops=size.work.flops,
        student_s=_typical(laps, STUDENT, place),
        reference_s=_typical(laps, REFERENCE, place),
        vendor_s=_typical(laps, VENDOR, place) if VENDOR in laps.times else None,
        floor_s=roof.floor_s(size.work, contest.arithmetic) if roof else None,
    )


def _set_aside(contest: Contest, timing: Timing, library: Interval | None) -> None:
    """A speed too good to be true is neither marked nor lost: a person looks at it.

    The whole interval has to be too good, so that noise sends no honest hand-in to a person, or else its
    middle far too good: a race goes on as long as its interval leaves the question open.
    """
    largest = timing.points[-1]
    if largest.floor_s is not None and largest.student_s < _BELOW * largest.floor_s:
        raise OpenPoints(
            f"{contest.function} seems to take {largest.student_s:.2g} s, less than the "
            f"{largest.floor_s:.2g} s that {timing.device} needs at the very least; a person will look at it"
        )
    if library is not None and (
        library.low > contest.suspicious or library.median > _FAR * contest.suspicious
    ):
        raise OpenPoints(
            f"{contest.function} seems to be {library.median:.2g} times as fast as the vendor's library; "
            "a person will look at it"
        )


def _sentence(contest: Contest, timing: Timing, share: float, vendor: float | None) -> str:
    told = f"{timing.ratio:.2f} times the speed of the course's own {contest.function}"
    if vendor is not None:
        told += f", {vendor:.2f} times that of the vendor's library"
    if share < 1:
        wanted = next(each for each in contest.curve.thresholds if contest.curve.share(each) > share)
        told += f"; the next step begins at {wanted:.2f}"
    return told if timing.stable else f"{told}; this machine was too busy for a precise figure"
