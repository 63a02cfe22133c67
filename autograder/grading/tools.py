"""What hidden tests may ask for by name, beside the student's code and randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..model import TestResult
from ..replay import Replay
from .workers import Workers


def _as_it_is(result: TestResult) -> TestResult:
    return result


def _replay_here() -> Mapping[str, object]:
    return {"replay": Replay()}


@dataclass(frozen=True)
class Tools:
    """Fixtures for the hidden tests of one hand-in; by default programs run in this process."""

    fixtures: Mapping[str, object] = field(default_factory=_replay_here)  # name -> value
    judged: Callable[[TestResult], TestResult] = _as_it_is
    """What the fixtures make of the result of the test that has just used them."""

    def and_those_of(self, other: Tools) -> Tools:
        """The fixtures of both; a result is judged by these first."""
        return Tools({**self.fixtures, **other.fixtures}, lambda result: other.judged(self.judged(result)))


class Extra(Protocol):
    """A part beside the core that gives hidden tests fixtures of its own."""

    @property
    def idle(self) -> Tools:
        """Its fixtures where no hand-in is graded."""

    def open(self, workers: Workers) -> Tools:
        """Its fixtures for one hand-in; what they start ends with that."""

    def close(self) -> None:
        """End what it keeps for all hand-ins."""
