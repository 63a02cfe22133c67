"""The fixture `race` of a hidden test: the student's function against the course's own, side by side."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import GraderError, OpenPoints, SandboxError
from ..model import TestResult
from ..studentkit.kinds import StudentError
from .contest import REFERENCE, STUDENT, Contest, Track
from .device_lock import core_lock
from .finish import Finish, decided, finish, settled
from .paired import Contestant, Laps, interleave
from .size import Inputs, Size, asked, drawn, right_answer

_WARM_UPS = 2  # calls of each contestant at each size before any that counts
_NOT_HERE = "speed is measured by the grader only"
_HOPELESS = 3.0  # times slower than the slowest that earns anything: not worth measuring
_LEAST_LIMIT_S = 1.0  # of one call, whatever the reference takes


class TooSlow(AssertionError):
    """The student's function is slower than what earns anything."""


class Race:
    """The fixture `race`: holds the races of one hand-in.

    The verdict rests on the clock of this process, in which no student code runs: it starts before the
    inputs of a call leave and stops when its outputs have arrived. Inputs are fresh for each call, and
    the outputs that were timed are the ones that are checked.

    Args:
        cpu: the track for races on a processor core; without it their points stay open.
        open_gpu: opens the track for races on a GPU; it is called once, when the first one begins.
        seed: of the secret order of calls, and of inputs that nobody has seen.
        check: raises GraderError where a contest names what the course does not have.
    """

    def __init__(
        self,
        cpu: Track | None = None,
        open_gpu: Callable[[], Track] | None = None,
        seed: int = 0,
        check: Callable[[Contest], None] = lambda _: None,
    ) -> None:
        self._cpu, self._open_gpu, self._check = cpu, open_gpu, check
        self._gpu: Track | None = None
        self._seed, self._chance = seed, random.Random(seed)
        self._finish: Finish | None = None

    def judged(self, result: TestResult) -> TestResult:
        """The result of the test that just ran, with what its race earned if it held one."""
        finish = self.take_finish()
        return finish.given_to(result) if finish else result

    def take_finish(self) -> Finish | None:
        """The outcome of the race that the last test held, handed out once; None if it held none."""
        finish, self._finish = self._finish, None
        return finish

    def cpu(self, contest: Contest, rng: Any) -> None:
        """Time on one processor core; what was found becomes the result of the test that calls this.

        Args:
            contest: what is timed.
            rng: the fixture of that name; inputs are drawn from it and from chance.

        Raises:
            AssertionError: an answer is wrong, or the function is slower than what earns anything.
            StudentError: the function fails, or runs what the contest does not allow.
            OpenPoints: nothing can be timed here.
            GraderError: the contest is written wrongly.
            SandboxError: code of our own fails.
        """
        if self._cpu is None:
            raise OpenPoints(_NOT_HERE)
        self._check(contest)
        with core_lock():
            self._finish = hold(contest, self._cpu, self._fresh(rng), self._chance)

    def gpu(self, contest: Contest, rng: Any) -> None:
        """Time on the GPU of this machine; without one the points stay open.

        Args:
            contest: what is timed; it says what may run.
            rng: the fixture of that name; inputs are drawn from it and from chance.

        Raises:
            AssertionError: an answer is wrong, or the function is slower than what earns anything.
            StudentError: the function fails, or runs what the contest does not allow.
            OpenPoints: there is no GPU, or nothing can be timed on it.
            GraderError: the contest is written wrongly.
            SandboxError: code of our own fails.
        """
        if self._open_gpu is None:
            raise OpenPoints(_NOT_HERE)
        self._check(contest)
        if contest.allows is None:
            raise GraderError(f"{contest}: says no list `allows`, but on a GPU only programs run; write one")
        self._gpu = self._gpu or self._open_gpu()
        self._finish = hold(contest, self._gpu, self._fresh(rng), self._chance)

    def _fresh(self, rng: np.random.Generator) -> np.random.Generator:
        """A generator that differs from one grading to the next, as the draw of other inputs does not."""
        return np.random.default_rng([int(rng.integers(1 << 63)), self._seed])


def hold(contest: Contest, track: Track, rng: Any, chance: random.Random) -> Finish:
    """One race from warm-up to verdict.

    Raises TooSlow, StudentError for a forbidden operation, what `Size.check` raises on an answer of the
    student's, SandboxError where our own code fails, and GraderError where the contest is written wrongly.
    """
    racing = track.contestants(contest)
    contestants = {who: _blamed(who, contestant) for who, contestant in racing.items()}
    typical = _warm_up(contest, track, contestants, rng)

    def draw(index: int) -> tuple[Inputs, Any]:
        inputs = drawn(contest.sizes[index], rng, track.kind)
        return inputs, right_answer(contest.sizes[index], inputs)

    def check(who: str, index: int, outputs: Any, answer: Any) -> None:
        _check(who, contest.sizes[index], outputs, answer)

    def run() -> Laps:
        return interleave(
            contestants,
            contest.indices,
            draw,
            check,
            track.renew,
            contest.rule,
            chance,
            lambda laps: decided(contest, laps),
        )

    track.allow(_limit(contest, max(typical)))
    laps = run()
    if not settled(contest, laps.ratio(STUDENT, REFERENCE, contest.indices[-1]), contest.rule.unstable):
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
        try:
            asked(size, "check", lambda: size.check(outputs, answer))
        except GraderError as error:  # which the check of the course's own answer did not raise
            says = f"what was returned to a timed call cannot be checked: {type(error.__cause__).__name__}"
            raise StudentError(says, detail=str(error)) from error
    if who == REFERENCE:
        try:
            asked(size, "check", lambda: size.check(outputs, answer))
        except AssertionError as error:
            raise SandboxError(f"in a race our own {who} was wrong for {size}: {error}") from error


def _limit(contest: Contest, reference_s: float) -> float:
    """Seconds after which a call is not worth waiting for."""
    return max(_LEAST_LIMIT_S, _HOPELESS * reference_s / contest.curve.start)


def _warm_up(contest: Contest, track: Track, contestants: Mapping[str, Contestant], rng: Any) -> list[float]:
    """Run everyone at every size before it counts; seconds of the reference at each size."""
    typical = []
    for size in contest.sizes:
        inputs = drawn(size, rng, track.kind)
        answer = right_answer(size, inputs)
        for who in sorted(contestants.keys() - {STUDENT}):
            seconds, answered = [contestants[who](inputs) for _ in range(_WARM_UPS)][-1]
            _check(who, size, answered, answer)
            if who == REFERENCE:
                typical.append(seconds)
        limit = _limit(contest, typical[-1])
        track.allow(limit)
        try:
            for _ in range(_WARM_UPS):
                _, answered = contestants[STUDENT](inputs)
                _check(STUDENT, size, answered, answer)
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
