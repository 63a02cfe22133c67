"""The fixture `replay` of a hidden test: records a student's function, and runs the record in our process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..errors import SandboxError
from ..studentkit import Local, StudentError
from ..studentkit.kinds import Kind
from .allowance import Allowance
from .programs import Program
from .scribe import Recordable, Scribe
from .told import exception

_MODULES = ("executor", "launching")
# What an executor raises where it is the program's own, in a traceback or by repr.
_FAULT = re.compile(r"StepFailed(?:: |\(['\"])(\w+)")


def executor_texts() -> dict[str, str]:
    """The modules that a worker of ours needs to run programs: name -> text."""
    folder = Path(__file__).parent
    return {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in _MODULES}


class Executor(Protocol):
    """Something with the module `executor`: a worker of ours, or the stand-in for one in this process."""

    executor: Any


class Replay:
    """Runs what a student's functions do on hidden inputs, without running their code.

    Args:
        open_: starts the worker that runs programs, when it is first needed. Without it they run in this
            process, which is right only where the code is our own.
        seconds: time for one program.
    """

    def __init__(self, open_: Callable[[], Executor] | None = None, seconds: float = 10.0) -> None:
        self._open, self._seconds = open_, seconds  # for one program
        self._worker: Any = None
        self._count = 0

    def __call__(
        self, function: Recordable, name: str, allowed: Allowance, *args: Any, **options: Any
    ) -> np.ndarray[Any, Any]:
        """What the function returns for these tensors, if it runs nothing but what is allowed.

        Args:
            function: the student's function, as `student.module.name`.
            name: what it is called in messages.
            allowed: what it may run.
            args: tensors to call it on. The student's process learns their shapes, but not their numbers.
            options: its keyword arguments.

        Returns:
            The numbers of the tensor that it returns.

        Raises:
            StudentError: the function fails, or runs what is not allowed.
            AssertionError: it runs too many operations, or no kernel where it has to launch one.
            OpenPoints: the call cannot be recorded.
        """
        return self.watch(function, name, allowed, *args, **options)[0]

    def watch(
        self, function: Recordable, name: str, allowed: Allowance, *args: Any, **options: Any
    ) -> tuple[np.ndarray[Any, Any], tuple[np.ndarray[Any, Any], ...]]:
        """As a call of this object; returns the result and the arguments as the function left them."""
        program = Scribe(function, name, allowed).program(args, options)
        return self.run(program, args)

    def run(
        self, program: Program, args: tuple[Any, ...]
    ) -> tuple[np.ndarray[Any, Any], tuple[np.ndarray[Any, Any], ...]]:
        """Run a program; returns its result and the tensors as it left them."""
        worker = self._ready()
        if self._open is not None:
            worker.allow(self._seconds)
        self._count += 1
        with blamed(program.function):
            prepare(worker, self._count, program)
            answer, left = worker.executor.run.watch(*args, number=self._count)
        return answer, tuple(map(np.asarray, left))

    def _ready(self) -> Any:
        if self._worker is None:
            self._worker = self._open() if self._open else Local(_here, executor_kind, wrap=True)
        return self._worker


def prepare(worker: Any, number: int, program: Program, *, every: bool = False) -> None:
    """Give a worker of ours a program, to be run by its number."""
    worker.executor.prepare(number, np.frombuffer(program.text.encode(), np.uint8), every=every)


def executor_kind(_module: str, name: str) -> Kind:
    """The kind of value that each function of an executor returns."""
    return "tensor" if name == "run" else "none"


def _here(_module: str) -> Any:
    from . import executor  # needs torch, which few assignments have

    return executor


@contextmanager
def blamed(function: str) -> Iterator[None]:
    """Charge failures to the right side while a worker of ours runs a student's program.

    What the program raises, or does to its process, is the student's fault and stays a StudentError. Any
    other failure of the worker is ours.
    """
    try:
        yield
    except StudentError as error:
        raise _told(function, str(error), error.verdict, error.detail) from error


def _told(function: str, says: str, verdict: str, detail: str) -> Exception:
    if verdict != "error":
        return StudentError(f"{function}, run by the grader: {says}", verdict, detail)
    if not (faults := _FAULT.findall(detail)):
        return SandboxError(f"the grader failed to run {function}: {says} {detail}")
    return StudentError(
        f"{function}, run by the grader: a step of it raises {exception(faults[-1])}", verdict, detail
    )
