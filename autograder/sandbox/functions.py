"""Functions and classes of the student's, as a test calls them: `student.<module>.<function>(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..studentkit.gate import check_kind
from ..studentkit.kinds import Kind, StudentError
from ..studentkit.passed import check_left, kind_passed
from ..studentkit.staying import staying
from . import faults

Ask = Callable[[str, str, str, Any, Any, Any], Any]  # in what way, module, name, kind, arguments, options


class RemoteModule:
    """One module of the student."""

    def __init__(self, ask: Ask, name: str, kind: Callable[[str, str], Kind]) -> None:
        self._ask = ask
        self._name = name
        self._kind = kind

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(self._ask, self._name, name, self._kind(self._name, name))


class RemoteFunction:
    """One function or class of the student."""

    def __init__(self, ask: Ask, module: str, name: str, kind: Kind) -> None:
        self._of_border = ask
        self._module = module
        self._name = name
        self._kind = kind

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call on copies of the inputs."""
        return self._checked(self._ask("call", staying(self._kind), args, options))

    def map(self, calls: Iterable[tuple[Any, ...]], **options: Any) -> list[Any]:
        """One result for each tuple of arguments, all in one message."""
        asked = list(calls)
        answer = self._ask("map", [staying(self._kind)] * len(asked), asked, options)
        return [self._checked(part) for part in self._parts(answer, len(asked))]

    def watch(self, *args: Any, **options: Any) -> tuple[Any, tuple[Any, ...]]:
        """The result, and the arguments as the call left them."""
        passed = tuple(map(kind_passed, args))
        answer = self._ask("watch", [staying(self._kind), staying(passed)], args, options)
        value, left = self._parts(answer, 2)
        return self._checked(value), self._left(left, passed)

    def record(self, outlines: Any, options: dict[str, Any], gpu: dict[str, int] | None = None) -> bytes:
        """The program of a call on tensors of these outlines, as text that nobody has checked.

        With the properties of a GPU, as for that one, in a sandbox that compiles; see `replay`.
        """
        answer = self._ask("record", "data", (outlines, gpu), options)
        if type(answer) is not np.ndarray or answer.dtype != np.uint8:
            raise StudentError(f"{self._name} disturbed its process, which sent no proper reply", "crashed")
        return answer.tobytes()

    def compile(self, capability: int, /, *args: Any, **options: Any) -> list[dict[str, Any]]:
        """What became of each kernel that the call launches, compiled for a GPU and not run.

        Only in a sandbox that compiles; see `inside/compiling.py`.
        """
        answer = self._ask("compile", "data", (capability, *args), options)
        return answer if type(answer) is list and all(type(kernel) is dict for kernel in answer) else []

    def run(self, inputs: list[str], options: dict[str, Any], output: str) -> float:
        """Call on attached buffers; seconds by the worker's own clock, which is only a cross-check."""
        answer = self._ask("run", "data", (inputs, options, output), {})
        if type(answer) is not float:
            raise StudentError(f"{self._name} disturbed its process, which sent no proper reply", "crashed")
        return answer

    def _ask(self, op: str, kind: Any, args: Any, options: Any) -> Any:
        return self._of_border(op, self._module, self._name, kind, args, options)

    def _checked(self, value: Any) -> Any:
        return check_kind(value, self._kind, self._name)

    def _left(self, left: Any, passed: tuple[Kind, ...]) -> tuple[Any, ...]:
        return check_left(self._parts(left, len(passed)), passed, self._name, check_kind)

    def _parts(self, answer: Any, count: int) -> Iterable[Any]:
        """What the worker's own loop puts together; something else is a forgery."""
        if type(answer) not in (list, tuple) or len(answer) != count:
            raise faults.garbage(self._name, "no proper reply")
        parts: Iterable[Any] = answer
        return parts
