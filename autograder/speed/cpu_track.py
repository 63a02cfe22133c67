"""Races on one processor core, between two workers of the sandbox."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..errors import GraderError, OpenPoints
from .array_spec import specs_of
from .contest import NULL, REFERENCE, STUDENT, VENDOR, Contest
from .paired import Contestant
from .replayed import Call, Replayed
from .roofline import Roof
from .size import Inputs, unfit

# Run in a worker of ours: what goes there and back like a call, and computes nothing.
TRANSPORT = "transport"
TRANSPORT_TEXT = """
import numpy as np

kept = {}

def echo(specs, is_tensor, /, *args, **options):
    key = (tuple((tuple(shape), dtype) for shape, dtype in specs), is_tensor)
    if key not in kept:
        outputs = [np.zeros(shape, dtype) for shape, dtype in specs]
        if is_tensor:
            import torch
            outputs = [torch.from_numpy(each) for each in outputs]
        kept[key] = outputs[0] if len(outputs) == 1 else tuple(outputs)
    return kept[key]
"""
_OURS_S = 60.0  # for a call of our own
_PATIENCE_S = 0.3  # without a new best: on a busy machine a few tries are all slow
_MORE_ROOFS = 3  # measurements more, where somebody seems to be above the first
_EDGE = 512  # of the matrices that show the peak rate
_STREAM_MB = 64


class Worker(Protocol):
    """The proxy of code behind the sandbox's border."""

    def allow(self, seconds: float) -> None:
        """How long the present test may take from now on."""

    def pause_between_calls(self) -> None:
        """Stop the process while nothing is asked of it."""

    def close(self) -> None:
        """End the process; the next call starts another."""


class CpuTrack:
    """The student's worker beside workers of ours.

    The student's code runs alone in its worker, and the reference in one of ours; everything else in
    another, for it would disturb caches and heap. Where only some operations are allowed, the student's
    worker only writes programs down: they run in a worker of ours, and programs of the reference in one more.
    What crosses the border is timed with the call, for the student and for us; the time of an empty
    call that carries as much is taken off both.
    """

    def __init__(
        self,
        student: Worker,
        open_rival: Callable[[], Worker],
        tier: int,
        *,
        tensors: bool,
        open_executors: Callable[[], tuple[Worker, Worker]] | None = None,
    ) -> None:
        self._student, self._open_rival, self._open_executors = student, open_rival, open_executors
        self._rivals: tuple[Worker, Worker] | None = None
        self._executors: tuple[Worker, Worker] | None = None
        self._replayed: list[Replayed] = []
        self._racing: list[Worker] = []
        self._limit_s = 1.0
        self._tensors = tensors
        self.device = f"one core of {processor()}"
        self.kind = "cpu"
        self.tier = tier

    def contestants(self, contest: Contest) -> Mapping[str, Contestant]:
        """Student, reference and null; the vendor's library where tensors are."""
        rival, other = self._rivals = self._rivals or (self._open_rival(), self._open_rival())
        if contest.allows is None:
            self._replayed, self._racing = [], [self._student, rival, other]
            student = self._call(_direct(self._student, contest.module, contest.function), self._student)
            reference = self._call(_direct(rival, contest.module, contest.function), rival, ours=True)
        else:
            mine, ours = self._programs(contest)
            student = self._call(mine.ready, mine.worker)
            reference = self._call(ours.ready, ours.worker, ours=True)
        for worker in {self._student, *self._racing}:  # all of them, for it takes a little time
            worker.pause_between_calls()
        contestants = {STUDENT: student, REFERENCE: _fitting(contest, reference), NULL: self._null(other)}
        if contest.vendor is not None and self._tensors:
            contestants[VENDOR] = self._call(_direct(other, VENDOR, contest.vendor), other, ours=True)
        return contestants

    def _programs(self, contest: Contest) -> tuple[Replayed, Replayed]:
        """The student's function and ours, each written down in a worker that knows it and run in another."""
        assert self._rivals is not None
        if self._open_executors is None:
            raise OpenPoints("programs are run by the grader only")
        self._executors = self._executors or self._open_executors()
        self._replayed = [
            Replayed(side, worker, contest)
            for side, worker in zip((self._student, self._rivals[0]), self._executors, strict=True)
        ]
        self._racing = [*self._executors, self._rivals[1]]
        return self._replayed[0], self._replayed[1]

    def allow(self, seconds: float) -> None:
        """How long one call may take."""
        self._limit_s = seconds

    def renew(self) -> None:
        """Start every contestant in a fresh process."""
        for worker in self._racing:
            worker.close()
        for replayed in self._replayed:
            replayed.renew()

    def doubt(self) -> str:
        """Nothing: no clock but that of this process is asked."""
        return ""

    def roofs(self) -> Iterator[Roof]:
        """Measured here, with matrices and with memory; a busy machine shows less than it can do."""
        roof = _first_roof()
        yield roof
        for _ in range(_MORE_ROOFS):
            roof = roof.or_better(measured_roof())
            yield roof

    def clocks(self) -> str:
        """Nothing: rates of a processor core change faster than they can be read."""
        return ""

    def _call(self, ready: Callable[[Inputs], Call], side: Worker, *, ours: bool = False) -> Contestant:
        def run(inputs: Inputs) -> tuple[float, Any]:
            call = ready(inputs)
            side.allow(_OURS_S if ours else self._limit_s)
            start = time.perf_counter()
            answer = call()
            return time.perf_counter() - start, answer

        return run

    def _null(self, rival: Any) -> Contestant:
        """An empty call that takes the same inputs and brings as many bytes back."""

        def run(inputs: Inputs) -> tuple[float, Any]:
            specs = [[list(spec.shape), spec.dtype] for spec in inputs.empty]
            if any(dtype == "bfloat16" for _, dtype in specs):
                raise GraderError("answers in bfloat16 do not come back from a worker; race on a GPU")
            rival.allow(_OURS_S)
            start = time.perf_counter()
            rival.transport.echo(specs, self._tensors, *inputs.args, **inputs.options)
            return time.perf_counter() - start, None

        return run


def _direct(side: Any, module: str, name: str) -> Callable[[Inputs], Call]:
    """Calls of a function where it is."""
    function = getattr(getattr(side, module), name)
    return lambda inputs: partial(function, *inputs.args, **inputs.options)


def _fitting(contest: Contest, reference: Contestant) -> Contestant:
    """The reference, where it answers as the size says; so an empty call brings back as much as it does."""

    def run(inputs: Inputs) -> tuple[float, Any]:
        seconds, answer = reference(inputs)
        specs = tuple(specs_of(answer))
        if specs != inputs.empty:
            raise unfit(str(contest), inputs.empty, specs)
        return seconds, answer

    return run


@cache
def processor() -> str:
    """Name of the processor, as the kernel gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


@cache
def _first_roof() -> Roof:
    return measured_roof()


def measured_roof() -> Roof:
    """Best of many matrix products and copies with the threads that NumPy has here."""
    a = np.ones((_EDGE, _EDGE), np.float32)
    source = np.ones(_STREAM_MB << 18, np.float32)
    target = np.empty_like(source)
    product_s = _best_seconds(lambda: a @ a)
    copy_s = _best_seconds(lambda: np.copyto(target, source))
    return Roof({"float32": 2 * _EDGE**3 / product_s}, 2 * source.nbytes / copy_s)


def _best_seconds(work: Callable[[], object]) -> float:
    """Of as many tries as it takes until none has been better for a while."""
    best, since = float("inf"), time.perf_counter()
    while time.perf_counter() - since < _PATIENCE_S:
        start = time.perf_counter()
        work()
        now = time.perf_counter()
        if now - start < best:
            best, since = now - start, now
    return best
