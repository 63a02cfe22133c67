"""The student's code in this same process: for public tests, exports, and our own variants."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .guarded import attempt, guard, unguard
from .kinds import Kind, StudentError, check_kind, is_tensor
from .tracing import traced


class Local:
    """`student.<module>.<function>(...)` over modules that `load` imports.

    Inputs are copied for each call, replies are checked against `kind(module, name)`. With `wrap`,
    what the code raises becomes StudentError and objects are guarded, as over the border; without, the
    student sees their own objects and tracebacks.
    """

    def __init__(
        self, load: Callable[[str], Any], kind: Callable[[str, str], Kind], *, wrap: bool = False
    ) -> None:
        self._load = load
        self._kind = kind
        self._wrap = wrap

    def begin(self, test_id: str) -> None:
        """Start a test; over the border this sets the deadline and replaces a dead worker."""

    def output(self) -> str:
        """What the student's code printed since `begin`; here it was printed for all to see."""
        return ""

    def __getattr__(self, module: str) -> LocalModule:
        if module.startswith("_"):
            raise AttributeError(module)
        return LocalModule(module, self._load, self._kind, self._wrap)


class LocalModule:
    """One module of the student."""

    def __init__(
        self,
        name: str,
        load: Callable[[str], Any],
        kind: Callable[[str, str], Kind],
        wrap: bool,
    ) -> None:
        self._name = name
        self._load = load
        self._kind = kind
        self._wrap = wrap

    def __getattr__(self, name: str) -> LocalFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return LocalFunction(self._name, name, self._load, self._kind(self._name, name), self._wrap)


class LocalFunction:
    """One function or class of the student."""

    def __init__(self, module: str, name: str, load: Callable[[str], Any], kind: Kind, wrap: bool) -> None:
        self._module = module
        self._name = name
        self._load = load
        self._kind = kind
        self._wrap = wrap

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call on copies of the inputs."""
        return self.watch(*args, **options)[0]

    def map(self, calls: Iterable[tuple[Any, ...]], **options: Any) -> list[Any]:
        """One result for each tuple of arguments; over the border, all in one message."""
        asked = [_copied(args) for args in calls]
        options = _copied(options)  # one generator for all calls, as over the border
        return [self._run(args, options) for args in asked]

    def watch(self, *args: Any, **options: Any) -> tuple[Any, tuple[Any, ...]]:
        """The result, and the arguments as the call left them."""
        args, options = _copied(args), _copied(options)
        return self._run(args, options), args

    def trace(self, *args: Any, **options: Any) -> tuple[Any, tuple[str, ...]]:
        """The result, and the names of the torch operations that the call ran."""
        args, options = _copied(args), _copied(options)
        if not self._wrap:
            value, names = traced(self._function(), args, options)
            return check_kind(value, self._kind, self._name), names
        value, names = attempt(self._name, traced, self._function(), args, options)
        return check_kind(guard(value, self._name, self._kind), self._kind, self._name), names

    def _run(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if not self._wrap:
            return check_kind(self._function()(*args, **options), self._kind, self._name)
        value = attempt(self._name, self._function(), *args, **options)
        return check_kind(guard(value, self._name, self._kind), self._kind, self._name)

    def _function(self) -> Any:
        module = self._load(self._module)
        if not hasattr(module, self._name):
            raise StudentError(f"{self._name} is missing from {self._module}.py")
        return getattr(module, self._name)


def _copied(value: Any) -> Any:
    """Arrays copied, also inside containers; anything else (a cache, a callback) as it is.

    A random generator becomes one of its own, seeded by it, as over the border.
    """
    if type(value) in (tuple, list):
        return type(value)(_copied(each) for each in value)
    if type(value) is dict:
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, np.random.Generator):
        return np.random.default_rng(int(value.integers(1 << 62)))
    if is_tensor(value):
        return value.clone()  # keeps the order of its axes in memory
    return copy.copy(value) if type(value).__module__ == "numpy" else unguard(value)
