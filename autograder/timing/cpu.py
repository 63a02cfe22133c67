"""Races on one processor core, between two workers of the sandbox."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .contest import NULL, REFERENCE, STUDENT, VENDOR
from .paired import Contestant
from .roofline import Roof

# Run in a worker of ours: what goes there and back like a call, and computes nothing.
TRANSPORT = "transport"
TRANSPORT_TEXT = """
import numpy as np

kept = {}

def echo(shapes, dtype, is_tensor, *args, **options):
    key = (tuple(map(tuple, shapes)), dtype, is_tensor)
    if key not in kept:
        outputs = [np.zeros(shape, dtype) for shape in shapes]
        if is_tensor:
            import torch
            outputs = [torch.from_numpy(each) for each in outputs]
        kept[key] = outputs[0] if len(outputs) == 1 else tuple(outputs)
    return kept[key]
"""
_PATIENCE_S = 0.3  # without a new best: on a busy machine a few tries are all slow
_MORE_ROOFS = 3  # measurements more, where somebody seems to be above the first
_EDGE = 512  # of the matrices that show the peak rate
_STREAM_MB = 64


class Worker(Protocol):
    """The proxy of code behind the sandbox's border."""

    def allow(self, seconds: float) -> None:
        """How long the present test may take from now on."""

    def confine(self, operations: frozenset[str] | None, *, detours: bool = False) -> None:
        """Let all operations of torch but these raise."""

    def pause_between_calls(self) -> None:
        """Stop the process while nothing is asked of it."""

    def close(self) -> None:
        """End the process; the next call starts another."""


class CpuTrack:
    """The student's worker beside two of ours.

    The reference runs in one of them, alone as the student's code does in its own; everything else in
    the other, for it would disturb caches and heap.
    What crosses the border is timed with the call, for the student and for us; the time of an empty
    call that carries as much is taken off both.
    """

    def __init__(
        self, student: Worker, open_rival: Callable[[], Worker], tier: int, *, tensors: bool
    ) -> None:
        self._student, self._open_rival = student, open_rival
        self._rivals: tuple[Worker, Worker] | None = None
        self._limit_s = 1.0
        self._tensors = tensors
        self.device = f"one core of {processor()}"
        self.kind = "cpu"
        self.tier = tier

    def contestants(self, module: str, function: str, vendor: str | None) -> Mapping[str, Contestant]:
        """Student, reference and null; the vendor's library where tensors are."""
        rival, other = self._ours()
        for worker in (self._student, rival, other):  # all of them, for it takes a little time
            worker.pause_between_calls()
        student = self._function(self._student, module, function)
        shape: dict[str, Any] = {}
        reference = self._call(rival, self._function(rival, module, function), seen=shape)
        found: dict[str, Contestant] = {
            STUDENT: self._call(self._student, student),
            REFERENCE: reference,
            NULL: self._null(other, shape),
        }
        if vendor is not None and self._tensors:
            found[VENDOR] = self._call(other, self._function(other, VENDOR, vendor))
        return found

    def allow(self, seconds: float) -> None:
        """How long one call may take."""
        self._limit_s = seconds

    def confine(self, operations: frozenset[str] | None) -> None:
        """Let all operations of torch but these raise where the student's code runs, and the reference.

        The reference needs it for the same conditions: a process that is confined so has another heap, and
        was measured to be up to 15 % faster.
        """
        self._student.confine(operations)
        self._ours()[0].confine(operations)

    def renew(self) -> None:
        """Start every contestant in a fresh process."""
        for worker in (self._student, *(self._rivals or ())):
            worker.close()

    def traced(self, module: str, function: str, inputs: Any) -> tuple[str, ...]:
        """Names of the operations that one call of the student's ran."""
        self._student.allow(self._limit_s + 1)
        args, options = inputs
        _, names, _ = self._function(self._student, module, function).trace(*args, **options)
        return tuple(names)

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

    def _ours(self) -> tuple[Worker, Worker]:
        """The reference's worker, and that of everything else."""
        self._rivals = self._rivals or (self._open_rival(), self._open_rival())
        return self._rivals

    def _function(self, side: Any, module: str, name: str) -> Any:
        return getattr(getattr(side, module), name)

    def _call(self, side: Worker, function: Any, seen: dict[str, Any] | None = None) -> Contestant:
        def run(inputs: Any) -> tuple[float, Any]:
            args, options = inputs
            side.allow(self._limit_s if side is self._student else 60.0)
            start = time.perf_counter()
            found = function(*args, **options)
            seconds = time.perf_counter() - start
            if seen is not None:
                seen.update(_outline(found))
            return seconds, found

        return run

    def _null(self, rival: Any, seen: Mapping[str, Any]) -> Contestant:
        """An empty call that takes the same inputs and brings as many bytes back.

        Its name sorts before the reference's, so in the warm-up nothing has been seen yet.
        """

        def run(inputs: Any) -> tuple[float, Any]:
            args, options = inputs
            shapes, dtype = seen.get("shapes", [[1]]), seen.get("dtype", "float32")
            rival.allow(60.0)
            start = time.perf_counter()
            rival.transport.echo(shapes, dtype, self._tensors, *args, **options)
            return time.perf_counter() - start, None

        return run


def _outline(outputs: Any) -> dict[str, Any]:
    """Shapes and dtype of what came back. Not the arrays: to keep them would slow the next call down."""
    parts = outputs if isinstance(outputs, tuple) else (outputs,)
    arrays = [part for part in parts if isinstance(part, np.ndarray)]  # handles carry nothing
    return {"shapes": [list(array.shape) for array in arrays], "dtype": arrays[0].dtype.name}


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
