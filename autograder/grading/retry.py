"""Runs a test again where its failure may not be the student's doing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from ..errors import Interrupted
from ..model import TestResult, Verdict

_TRIES = 3  # of one test whose worker is ended from outside
_SETTLED = (Verdict.PASSED, Verdict.OPEN, Verdict.INTERNAL)

Ran = tuple[TestResult, BaseException | None]  # what became of a test, and what it raised


def uninterrupted(run: Callable[[], BaseException | None]) -> BaseException | None:
    """Run a test and return what it raised; again where something else than the student's code cut it off."""
    raised = run()
    for _ in range(_TRIES - 1):
        if not isinstance(raised, Interrupted):
            break
        raised = run()
    return raised


@runtime_checkable
class Renewable(Protocol):
    """A student's code in a worker that can be replaced."""

    @property
    def worker(self) -> int:
        """Number of the worker that runs now; 0 if the next call starts another."""

    def close(self) -> None:
        """End the worker; the next call starts another."""


class SecondLook:
    """Runs tests, and those once more that may have failed because of what another task left in the worker.

    An emptied `sys.modules`, a patched builtin, a thread that goes on: no list of what a call can leave
    behind is ever complete. So a failure counts only in a worker in which no other task was tested before.
    A hand-in that passes pays nothing for that, and a task that fails a worker and a test.
    """

    def __init__(self, student: object) -> None:
        # Our own code in this process has no worker; nobody suspects it.
        self._student = student if isinstance(student, Renewable) else None
        self._tested: dict[int, set[str]] = defaultdict(set)  # worker -> tasks

    def run(self, task: str, run: Callable[[], Ran]) -> Ran:
        """One test of a task."""
        if self._student is None:
            return run()
        before = self._tested[self._student.worker] if self._student.worker else set()
        shared = bool(before - {task})
        first = run()
        self._tested[self._student.worker].add(task)
        if not shared or first[0].verdict in _SETTLED:
            return first
        self._student.close()
        second = run()
        self._tested[self._student.worker].add(task)
        # What was cut off says less than what was not.
        return first if second[0].verdict in (Verdict.TIMEOUT, Verdict.INTERNAL) else second
