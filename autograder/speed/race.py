"""The fixture `race` of a hidden test: the student's function against the course's own, side by side."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import OpenPoints, SandboxError
from ..model import TestResult
from ..studentkit.kinds import StudentError
from .contest import REFERENCE, STUDENT, Contest, Inputs, Size, Track
from .device_lock import core_lock
from .finish import Finish, decided, finish, settled
from .paired import Contestant, Laps, interleave

_WARM_UPS = 2  # calls of each contestant at each size before any that counts
_NOT_HERE = "speed is measured by the grader only"
_HOPELESS = 3.0  # times slower than the slowest that earns anything: not worth measuring
_LEAST_LIMIT_S = 1.0  # of one call, whatever the reference takes


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

    def judged(self, result: TestResult) -> TestResult:
        """The result of the test that just ran, with what its race earned if it held one."""
        finish = self.take_finish()
        return finish.given_to(result) if finish else result

    def take_finish(self) -> Finish | None:
        """What the test that just ran found; None if it held no race."""
        finish, self._finish = self._finish, None
        return finish

    def cpu(self, contest: Contest, rng: Any) -> None:
        """Time on one processor core. Raises what a hidden test raises; the result is kept."""
        if self._cpu is None:
            raise OpenPoints(_NOT_HERE)
        with core_lock():
            self._finish = hold(contest, self._cpu, rng, self._chance)

    def gpu(self, contest: Contest, rng: Any) -> None:
        """Time on the GPU of this machine; without one the points stay open."""
        if self._open_gpu is None:
            raise OpenPoints(_NOT_HERE)
        self._gpu = self._gpu or self._open_gpu()
        self._finish = hold(contest, self._gpu, rng, self._chance)


def hold(contest: Contest, track: Track, rng: Any, chance: random.Random) -> Finish:
    """One race from warm-up to verdict.

    Raises TooSlow, StudentError for a forbidden operation, what `Size.check` raises on an answer of the
    student's, and SandboxError where our own code fails.
    """
    found = track.contestants(contest)
    contestants = {who: _blamed(who, each) for who, each in found.items()}
    typical = _warm_up(contest, track, contestants, rng)

    def draw(place: int) -> tuple[Inputs, Any]:
        inputs = contest.sizes[place].draw(rng, track.kind)
        return inputs, contest.sizes[place].answer(*inputs)

    def check(who: str, place: int, outputs: Any, answer: Any) -> None:
        _check(who, contest.sizes[place], outputs, answer)

    def run() -> Laps:
        return interleave(
            contestants,
            contest.places,
            draw,
            check,
            track.renew,
            contest.rule,
            chance,
            lambda laps: decided(contest, laps),
        )

    track.allow(_limit(contest, max(typical)))
    laps = run()
    if not settled(contest, laps.ratio(STUDENT, REFERENCE, contest.places[-1]), contest.rule.unstable):
        laps.extend(run())
    return finish(contest, track, laps)


def _blamed(who: str, contestant: Contestant) -> Contestant:
    """A contestant whose failure is the student's only where the student's code runs."""
    if who == STUDENT:
        return contestant

    def run(inputs: Any) -> tuple[float, Any]:
        try:
            return contestant(inputs)
        except StudentError as error:
            raise SandboxError(f"in a race our own {who} failed: {error} {error.detail}") from error

    return run


def _check(who: str, size: Size, outputs: Any, answer: Any) -> None:
    """Judge an answer; not the library's, which earns nothing and may use an algorithm that rounds more."""
    if who == STUDENT:
        size.check(outputs, answer)
    if who == REFERENCE:
        try:
            size.check(outputs, answer)
        except AssertionError as error:
            raise SandboxError(f"in a race our own {who} was wrong for {size}: {error}") from error


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
