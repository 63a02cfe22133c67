"""Races on a GPU, between a worker of the student's and workers of ours.

The tensors belong to this process. It fills the inputs, empties the caches, starts its clock, tells a worker
to run, waits for the answer, copies the output to memory that no worker sees, waits until that copy is
there, and stops the clock. Whatever a worker says or patches, work that is not finished by then is either
waited for or missing from what is checked.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Protocol

import torch

from ..errors import GraderError, OpenPoints
from ..sandbox.inside.device import UNFIT
from ..studentkit.kinds import StudentError
from .array_spec import ArraySpec
from .buffers import Buffer, Buffers
from .contest import NULL, REFERENCE, STUDENT, VENDOR, Contest
from .gpu_info import clocks, properties
from .paired import Contestant
from .replayed import Replayed
from .roofline import Roof, gpu_roof
from .size import Inputs

_FLUSHES = 100  # of an idle device, each as long as the first
_IDLE, _IDLE_S = 3.0, 1e-3  # largest factor and seconds by which one flush may be longer than the shortest
_FLUSH_MB = 256  # more than the second-level cache of any GPU
_OURS_S = 120.0  # for a call of our own: it compiles and tunes its kernels when first called
_FIRST_S = 120.0  # for the student's first calls, likewise
_OPEN_S = 60.0  # for a worker to open a buffer: with the first one it starts CUDA
_AGREE, _AGREE_S = 1.6, 2e-3  # largest factor and seconds by which the two clocks may differ
_DISAGREEING = 0.2  # share of calls that may disagree: other work on the machine
OURS, HOUSE = "ours", "house"  # sides that share memory with us, beside the student's
TIER = 1  # isolation of a worker for a GPU: the driver needs more of the system than tier 2 shows
IDLE = "idle"
# Run in a worker of ours: a call that computes nothing; its output was there before.
IDLE_TEXT = """
import torch

kept = {}

def idle(*inputs, spec, options):
    shape, dtype, device = spec
    key = (tuple(shape), dtype)
    if key not in kept:
        kept[key] = torch.zeros(shape, dtype=getattr(torch, dtype), device=device)
    return kept[key]
"""


class Worker(Protocol):
    """The proxy of code behind the sandbox's border, in a worker for a GPU."""

    def allow(self, seconds: float) -> None:
        """How long the present test may take from now on."""

    def attach(self, name: str, share: dict[str, Any]) -> None:
        """Open a buffer."""

    def close(self) -> None:
        """End the process; the next call starts another."""


class GpuTrack:
    """Three workers on the GPU, each with buffers of its own: one runs the student's programs, two run ours.

    No student code is loaded in them. It runs in `writers`, a worker with the student's code and one with
    ours, neither of which has a GPU: calls are recorded there, and only the recorded programs come here.
    """

    def __init__(
        self,
        student: Worker,
        open_rival: Callable[[], Worker],
        buffers: Buffers,
        *,
        tier: int,
        writers: tuple[Any, Any] | None = None,
    ) -> None:
        self._writers = writers
        self._student, self._open_rival, self._buffers = student, open_rival, buffers
        self._rivals: tuple[Worker, Worker] | None = None
        self._sides: list[_Side] = []
        self._limit_s = _FIRST_S
        self.kind = buffers.kind
        self.tier = tier
        self.device = torch.cuda.get_device_name() if self.kind == "cuda" else "shared memory"
        self._flush: torch.Tensor | None = None
        self._flush_s = math.inf  # the shortest
        self._calls: Counter[str] = Counter()
        self._disagreeing: Counter[str] = Counter()
        self._tuned: set[Hashable] = set()  # forms of calls that the student's code has answered

    def contestants(self, contest: Contest) -> Mapping[str, Contestant]:
        """Student, reference, null and the vendor's library."""
        self._rivals = self._rivals or (self._open_rival(), self._open_rival())
        rival, other = self._rivals
        student = _Side(STUDENT, self._student, self._buffers)
        ours = _Side(OURS, rival, self._buffers)
        house = _Side(HOUSE, other, self._buffers)
        self._calls, self._disagreeing, self._tuned = Counter(), Counter(), set()
        mine, reference = (self._target(who, contest, side) for who, side in ((0, student), (1, ours)))
        contestants: dict[str, Contestant] = {
            STUDENT: self._call(STUDENT, student, mine),
            REFERENCE: _fitting(contest, self._call(REFERENCE, ours, reference)),
            NULL: self._call(NULL, house, _idle(other, self.kind)),
        }
        if contest.vendor is not None:
            library = getattr(getattr(other, VENDOR), contest.vendor)
            contestants[VENDOR] = self._call(VENDOR, house, lambda inputs: (library, dict(inputs.options)))
        return contestants

    def _target(self, who: int, contest: Contest, side: _Side) -> _Target:
        """What runs on a side: the function, or where only some operations are allowed its programs."""
        if contest.allows is None:
            function = getattr(getattr(side.worker, contest.module), contest.function)
            return lambda inputs: (function, dict(inputs.options))
        if self._writers is None:
            raise OpenPoints("programs are run by the grader only")
        program = Replayed(self._writers[who], side.worker, contest, properties())
        return lambda inputs: (program.worker.executor.run, {"number": program.number(inputs)})

    def allow(self, seconds: float) -> None:
        """How long one call may take."""
        self._limit_s = seconds

    def renew(self) -> None:
        """Nothing: a new process would have to compile its kernels again."""

    def roofs(self) -> Iterator[Roof]:
        """From the table of data sheets, if this device is there."""
        known = gpu_roof(self.device)
        yield from [known] if known else []

    def clocks(self) -> str:
        """What the driver says of clock rate and throttling now."""
        return clocks() if self.kind == "cuda" else ""

    def doubt(self) -> str:
        """A sentence where the worker's clock and ours disagree; empty where they agree.

        On a busy machine they disagree for the reference too: the student's are compared with those.
        """
        calls, apart = self._calls[STUDENT], self._disagreeing[STUDENT]
        usual = self._disagreeing[REFERENCE]
        # Two counts of the same chance differ by a few square roots.
        if apart <= _DISAGREEING * calls + usual + 3 * math.sqrt(usual + 1):
            return ""
        return f"two clocks disagree on {apart} of {calls} timed calls; a person will look at it"

    def _call(self, who: str, side: _Side, target: _Target) -> Contestant:
        def run(inputs: Inputs) -> tuple[float, torch.Tensor]:
            spec = _only(inputs.empty)
            names = side.fill(inputs.args)
            output = side.output_like(spec, self.kind)
            function, told = target(inputs)
            side.worker.allow(self._limit(inputs) if who == STUDENT else _OURS_S)
            self._empty_caches()
            start = time.perf_counter()
            theirs = function.run(names, told, side.output_name)
            private = output.clone()
            self._wait()
            seconds = time.perf_counter() - start
            self._calls[who] += 1
            self._disagreeing[who] += not _agree(theirs, seconds)
            return seconds, private

        return run

    def _limit(self, inputs: Inputs) -> float:
        """Seconds of a call of the student's: the first one at each size has time to compile and to tune."""
        form = (inputs.empty, *(value.shape for value in inputs.args))
        first = form not in self._tuned
        self._tuned.add(form)
        return max(self._limit_s, _FIRST_S) if first else self._limit_s

    def _empty_caches(self) -> None:
        """Raise OpenPoints where the device has other work to do: a worker may have left it some."""
        if self.kind != "cuda":
            return
        if self._flush is None:
            self._flush = torch.empty(_FLUSH_MB << 18, dtype=torch.float32, device="cuda")
        for _ in range(_FLUSHES):
            self._wait()
            start = time.perf_counter()
            self._flush.zero_()
            self._wait()
            took = time.perf_counter() - start
            self._flush_s = min(self._flush_s, took)
            if took <= _IDLE * self._flush_s + _IDLE_S:
                return
        raise OpenPoints(f"{self.device} is busy with other work, so nothing can be timed on it", again=True)

    def _wait(self) -> None:
        if self.kind == "cuda":
            torch.cuda.synchronize()


# Gives the function that a side runs on inputs, and its options.
_Target = Callable[[Inputs], tuple[Any, dict[str, Any]]]


def _idle(worker: Any, device: str) -> _Target:
    """A call that computes nothing."""

    def target(inputs: Inputs) -> tuple[Any, dict[str, Any]]:
        spec = _only(inputs.empty)
        told = [list(spec.shape), spec.dtype, device]
        return worker.idle.idle, {"spec": told, "options": dict(inputs.options)}

    return target


def _only(specs: tuple[ArraySpec, ...]) -> ArraySpec:
    """The one array of an answer. Raises GraderError for another number."""
    if len(specs) != 1:
        raise GraderError(f"a race on a GPU times functions that return one tensor, not {len(specs)}")
    return specs[0]


def _fitting(contest: Contest, reference: Contestant) -> Contestant:
    """The reference; where it answers otherwise than the size says, that is the author's to mend."""

    def run(inputs: Inputs) -> tuple[float, Any]:
        try:
            return reference(inputs)
        except StudentError as error:
            if UNFIT not in error.detail:
                raise
            says = error.detail.strip().splitlines()[-1]
            raise GraderError(f"{contest}: the method empty of its size does not fit: {says}") from error

    return run


class _Side:
    """One worker and the buffers it shares with us."""

    def __init__(self, name: str, worker: Worker, buffers: Buffers) -> None:
        self.worker = worker
        self._name, self._buffers = name, buffers
        self._open: set[str] = set()  # names of buffers that the worker has opened
        self.output_name = ""

    def fill(self, args: tuple[Any, ...]) -> list[str]:
        """Copy inputs into buffers of their shapes; returns the names of these buffers."""
        names = []
        for index, value in enumerate(args):
            if not isinstance(value, torch.Tensor):
                raise GraderError(
                    f"on a GPU positional arguments are tensors, but number {index} is of type "
                    f"{type(value).__name__}; give it by its name"
                )
            buffer = self._buffer(f"in{index}", value)
            buffer.tensor.copy_(value)
            names.append(buffer.name)
        return names

    def output_like(self, spec: ArraySpec, device: str) -> torch.Tensor:
        """The output buffer of that shape and dtype, filled with numbers that are certainly wrong."""
        empty = torch.empty(spec.shape, dtype=getattr(torch, spec.dtype), device=device)
        buffer = self._buffer("out", empty)
        self.output_name = buffer.name
        return _spoil(buffer.tensor)

    def _buffer(self, use: str, value: torch.Tensor) -> Buffer:
        buffer = self._buffers.like(self._name, use, value)
        if buffer.name not in self._open:
            self.worker.allow(_OPEN_S)
            self.worker.attach(buffer.name, buffer.share)
            self._open.add(buffer.name)
        return buffer


def _spoil(tensor: torch.Tensor) -> torch.Tensor:
    """Fill a tensor with what no right answer is full of."""
    if tensor.dtype == torch.bool:
        return tensor.random_()
    has_nan = tensor.is_floating_point() or tensor.is_complex()
    return tensor.fill_(float("nan") if has_nan else torch.iinfo(tensor.dtype).max)


def _agree(theirs: float, ours: float) -> bool:
    """Ours holds the way there and back, so it is the longer one, but not by much."""
    return theirs <= ours * 1.02 + 1e-4 and ours <= theirs * _AGREE + _AGREE_S
