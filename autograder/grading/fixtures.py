"""The fixtures of hidden tests, for whichever submission is being graded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import pytest

from ..frameworks import loaded
from .tools import Tools

_SEEDS = 1 << 32  # that every framework takes


class Student(Protocol):
    """Either back end of the `student` fixture."""

    def begin(self, test_id: str, *, apart: bool = False) -> None:
        """Start a test: a new deadline, a live worker; if `apart`, an untouched one for each call."""

    def output(self) -> str:
        """What the student's code printed since `begin`."""


class Fixtures:
    """`student`, `rng`, and one for each name among the tools."""

    def __init__(self, tools: Tools) -> None:
        self.names = frozenset(["student", "rng", *tools.fixtures])
        self._current: tuple[Student, Callable[[str], int], Tools] | None = None

    @contextmanager
    def using(self, student: Student, seeds: Callable[[str], int], tools: Tools) -> Iterator[None]:
        """Give these to the tests that run meanwhile."""
        before, self._current = self._current, (student, seeds, tools)
        try:
            yield
        finally:
            self._current = before

    def begin(self, test_id: str) -> None:
        """Seed what a test may draw from beside `rng`: equal hand-ins meet equal chance."""
        assert self._current is not None
        _, seeds, _ = self._current
        seed = seeds(test_id) % _SEEDS
        random.seed(seed)
        for framework in loaded():
            framework.seed(seed)

    def values(self, test_id: str) -> dict[str, Any]:
        """The fixtures of one test; randomness is the same at each grading."""
        assert self._current is not None
        student, seeds, tools = self._current
        rng = np.random.default_rng(seeds(test_id))
        return {**tools.fixtures, "student": student, "rng": rng}

    def plugin(self) -> ModuleType:
        """Where pytest finds them: it looks for fixtures on a module, or on a class."""
        made = ModuleType("fixtures_of_hidden_tests")
        for name in self.names:
            setattr(made, name, self._fixture(name))
        return made

    def _fixture(self, name: str) -> object:
        @pytest.fixture(name=name)
        def value(request: pytest.FixtureRequest) -> Any:
            return self.values(request.node.nodeid)[name]

        return value
