"""The student's code behind the border: `student.<module>.<function>(...)`, as with studentkit.Local."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import Interrupted
from ..frameworks import ARRAYS, Arrays, arrays_of
from ..model import Limits
from ..studentkit.gate import check_kind
from ..studentkit.handle import Handle, Method
from ..studentkit.inert import Inert
from ..studentkit.kinds import Kind, StudentError
from ..studentkit.staying import Staying, staying
from . import faults
from .callbacks import Callbacks
from .clock import Budget, Use
from .functions import RemoteModule
from .inside import wire
from .loader import Loader
from .plan import LoadPlan
from .process import Process

MAX_DEATHS = 3  # tests in which a function may end its process before it is not called again
_REPLACED = Use(wall_s=0.1)  # what a worker that died costs, whatever the machine takes to start another
# After a fault on a GPU everything else that its process asks of the GPU fails too, so the process is ended.
_ON_DEVICE = ("attach", "run")


class Remote:
    """One hand-in in a worker, replaced when it dies.

    `begin` starts a test: a new deadline, a seed of its own, and no object left of the test before.
    What fails because of the student's code raises StudentError; what fails on our side, SandboxError, and
    Interrupted where the test is to be begun again. `clock` is what all of it may use up.
    """

    def __init__(
        self,
        start: Callable[[], Process],
        library: str,
        plan: LoadPlan,
        limits: Limits,
        kind: Callable[[str, str], Kind],
        seed: int,
        *,
        pauses: bool = False,
        clock: Budget | None = None,
    ) -> None:
        self.clock = clock or Budget(limits.total_s)
        self._start = start
        self._pauses = pauses
        self._limits = limits
        self._kind = kind
        self._seed = seed
        self._loader = Loader(library, plan, limits, seed, self.clock)
        self._process: Process | None = None
        self._workers = 0  # started for this hand-in
        self._deaths = defaultdict[str, set[str]](set)  # function -> tests in which it ended a worker
        self._last: dict[str, StudentError] = {}  # function -> how the last of them ended
        self._doubts: set[tuple[str, str]] = set()  # test and function in which it was unclear who ended one
        self._test = ""
        self._epoch = 0
        self._test_seed = seed
        self._budget = Budget(limits.wall_s, within=self.clock)
        self._printed = ""
        self._apart = False  # whether each call of a function has a worker of its own
        self._touched = False  # whether the worker has called one
        self._set_aside: set[int] = set()  # workers ended for that

    def __getattr__(self, module: str) -> RemoteModule:
        if module.startswith("_"):
            raise AttributeError(module)
        return RemoteModule(self.function, module, self._kind)

    def begin(self, test_id: str, *, apart: bool = False) -> None:
        """Start a test; if `apart`, each call of a function begins in a worker that has called none.

        Then nothing that a call leaves behind can tell the next how often it was asked.
        """
        self.output()
        self._apart = apart
        self._epoch += 1
        self._test = test_id
        digest = hashlib.sha256(f"{self._seed} {test_id}".encode()).digest()
        self._test_seed = int.from_bytes(digest[:4], "little")
        self._budget = self._budget.fresh(self._limits.wall_s)

    def allow(self, seconds: float) -> None:
        """Give the present test this much time from now on; for what is timed."""
        self._budget = self._budget.fresh(seconds)

    def pause_between_calls(self) -> None:
        """From now on stop the worker, and all that it started, while nothing is asked of it.

        For whoever is timed beside others. So does a worker for a GPU from its start.
        """
        self._pauses = True
        if self._process is not None:
            self._process.pause_between_calls()

    def attach(self, name: str, share: dict[str, Any]) -> None:
        """Open a buffer of the grader's in the worker; see `inside/device.py`."""
        self.request("attach", name, "data", {"name": name, "share": share})

    def output(self) -> str:
        """What the student's code printed since `begin`, as far as it was kept."""
        text, self._printed = self._printed, ""
        if self._process is not None and self._process.alive:
            text += self._process.output()
        return text

    def loading_notes(self) -> tuple[str, ...]:
        """Statements outside functions that failed, one sentence each, as far as anything was loaded yet."""
        return self._loader.notes

    def close(self) -> None:
        """End the worker; the next call starts another."""
        if self._process is not None:
            self._process.end()

    def function(self, op: str, module: str, name: str, kind: Any, args: Any, options: Any) -> Any:
        """Call a function of the student's by the operation `op`; the value is not checked yet."""
        if self._apart and self._touched:
            self._set_aside.add(self._workers)
            self._printed = self.output()
            self.close()
        self._ready(name)
        self._touched = True
        failure = self._loader.failure(module, name)
        if failure is not None:
            raise failure
        fields = {"target": ["m", module, name], "args": args, "options": options}
        return self.request(op, name, kind, fields)

    def use(
        self,
        op: str,
        where: str,
        kind: Kind,
        target: Handle | None,
        *,
        name: str = "",
        args: tuple[Any, ...] = (),
        options: Mapping[str, Any] | None = None,
        part: str = "",
    ) -> Any:
        """Use an object that stayed in the worker; the checked result. Makes this a `Holder`."""
        fields: dict[str, Any] = {"name": name}
        if target is not None:
            fields["target"] = ["h", self._number(target)]
        if options is not None:
            fields["options"] = dict(options)
        if args or options is not None:
            fields["args"] = args
        return check_kind(self.request(op, where, staying(kind), fields), kind, where, part)

    def request(self, op: str, where: str, kind: Staying, fields: dict[str, Any]) -> Any:
        """Ask the worker within the time of the test; `where` names the function for messages.

        In `fields`, "args" and "options" are replaced by what is sent for them.
        """
        if where in self._deaths and len(self._deaths[where] - {self._test}) >= MAX_DEATHS:
            last = self._last[where]
            raise StudentError(f"{last}; not run again after {MAX_DEATHS} times", last.verdict, last.detail)
        process = self._ready(where)
        callbacks = Callbacks()
        encoder = wire.Encoder(lambda writer, value: self._passed(writer, value, callbacks), repeats=True)
        fields |= {"op": op, "kind": kind, "epoch": self._epoch, "seed": self._test_seed}
        for name in ("args", "options"):
            if name in fields:
                fields[name] = encoder.encode(fields[name])
        callbacks.passed(encoder.payload)
        serial = (self._workers, self._epoch)

        def handle(number: object, name: object) -> Handle:
            if type(number) is not int or type(name) is not str:
                raise wire.WireError("no object that stayed")
            return Handle(self, (serial, number), name, where)

        make: dict[str, Callable[..., Any]] = {"h": handle, "T": flagged}
        try:
            return process.ask(fields, encoder.payload, self._budget, where, make, callbacks)
        except StudentError as error:
            if not process.alive:
                self._died(where, error)
            elif op in _ON_DEVICE:
                self.close()
            raise
        except Interrupted as error:
            self._explain(where, error)
            raise

    def _died(self, where: str, error: StudentError) -> None:
        self._deaths[where].add(self._test)
        # Without its traceback, which holds all that the call passed and returned.
        self._last[where] = StudentError(str(error), error.verdict, error.detail)
        self.clock.charge(_REPLACED)

    def _explain(self, where: str, error: Interrupted) -> None:
        """Raise the student's error where what cut a test off is the same as when it was run before."""
        if not isinstance(error.otherwise, StudentError):
            self._budget.refund()
            return
        if (self._test, where) in self._doubts:
            self._died(where, error.otherwise)
            raise error.otherwise
        self._doubts.add((self._test, where))

    def _passed(self, encoder: wire.Encoder, value: Any, callbacks: Callbacks) -> list[Any]:
        """Header of something a test passes that is no plain data."""
        if isinstance(value, Handle):
            return ["h", self._number(value), ""]
        if isinstance(value, Method):
            return ["h", self._number(value.bound), ""]
        if isinstance(value, Inert):
            header: list[Any] = encoder.encode(value._value)
            return header
        if isinstance(value, np.random.Generator):
            return ["g", int(value.integers(1 << 62))]
        if arrays := arrays_of(type(value)):
            return _framework(encoder, value, arrays)
        if callable(value):
            return ["c", callbacks.add(value)]
        raise TypeError(f"a test passes {type(value).__name__}, which cannot cross to the student")

    def _number(self, handle: Handle) -> int:
        serial, number = handle._key
        if serial[0] in self._set_aside:
            raise TypeError("a test that judges passes on what a call left in a worker of its own")
        if serial != (self._workers, self._epoch):
            raise StudentError(f"{handle._where} went with the process that held it", "crashed")
        whole: int = number
        return whole

    # -- the worker

    @property
    def worker(self) -> int:
        """Number of the worker that runs now; 0 if the next call starts another."""
        return self._workers if self._process is not None and self._process.alive else 0

    def _ready(self, where: str) -> Process:
        while True:
            if self.clock.left_s <= 0:
                self.close()
                raise faults.no_time_left(where, self.clock.whole_s)
            if self._process is not None and self._process.alive:
                return self._process
            self._workers += 1
            self._touched = False
            self._process = process = self._start()
            if self._pauses:
                process.pause_between_calls()
            if not self._loader.load(process):
                self.clock.charge(_REPLACED)


def flagged(array: np.ndarray[Any, Any], kind: str) -> np.ndarray[Any, Any]:
    """Numbers that the worker says to be those of a framework's array."""
    if type(kind) is not str or kind not in ARRAYS:
        raise wire.WireError("no array of a framework")
    return array.view(ARRAYS[kind].flag)


def _framework(encoder: wire.Encoder, value: Any, arrays: Arrays) -> list[Any]:
    """Header of a framework's array that keeps the order of its axes in memory: transposed, channels last."""
    array = arrays.numbers(value)
    if not str(value.dtype).endswith(str(array.dtype)):
        raise TypeError(f"a test passes {arrays.flag.said} of {value.dtype}, which cannot cross")
    order = sorted(range(array.ndim), key=lambda axis: -array.strides[axis])
    if order == list(range(array.ndim)) or array.flags.c_contiguous:
        return [*encoder.array("T", array), arrays.kind]
    axes = [order.index(axis) for axis in range(array.ndim)]
    return ["p", axes, [*encoder.array("T", array.transpose(order)), arrays.kind]]
