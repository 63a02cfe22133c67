"""Who has which hand-in. Each is waiting, leased to one process, or done: never two of these, never none."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..model import Report, Submission

ATTEMPTS = 2  # processes that may die over one hand-in before it is given up


@dataclass(frozen=True, slots=True)
class Lease:
    """A hand-in in the hands of one process."""

    row: int  # of the ledger
    attempt: int  # 1, and one more after each process that died over it
    owner: int  # number of the process
    submission: Submission


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    attempt: int
    submission: Submission


class Ledger:
    """The rows of one grading, taken from `submissions` as they are needed and kept until they are done.

    A row that was taken is held here, and by nobody else, until `finish` has given its report to `keep`.
    """

    def __init__(
        self, submissions: Iterable[Submission], keep: Callable[[Report], None] = lambda _: None
    ) -> None:
        self._source, self._keep = iter(submissions), keep
        self._taken = 0
        self._waiting: deque[_Row] = deque()
        self._lost: list[_Row] = []  # waiting too, until the others are done
        self._leased: dict[int, Lease] = {}

    @property
    def waiting(self) -> int:
        """How many rows were taken and can be leased."""
        return len(self._waiting)

    def read_ahead(self, count: int) -> int:
        """Take rows until `count` are waiting or the source is empty; how many are waiting then."""
        while len(self._waiting) < count and (submission := next(self._source, None)) is not None:
            self._taken += 1
            self._waiting.append(_Row(self._taken, 1, submission))
        return len(self._waiting)

    def lease(self, owner: int) -> Lease | None:
        """The next row; None where there is none."""
        if not self.read_ahead(1):
            return None
        row = self._waiting[0]
        lease = Lease(row.number, row.attempt, owner, row.submission)
        self._leased[row.number] = lease
        self._waiting.popleft()
        return lease

    def retry_lost(self) -> bool:
        """Let what processes have died over be leased again; whether there was any."""
        self._waiting.extend(self._lost)
        self._lost.clear()
        return bool(self._waiting)

    def give_back(self, lease: Lease) -> None:
        """The process that held it has died. It is leased again after `retry_lost`."""
        if self._holds(lease):
            self._lost.append(_Row(lease.row, lease.attempt + 1, lease.submission))
            del self._leased[lease.row]

    def finish(self, lease: Lease, report: Report) -> bool:
        """Keep the report of a row, which is done then. False where the row is no longer leased so."""
        if not self._holds(lease):
            return False
        self._keep(report)
        del self._leased[lease.row]
        return True

    def _holds(self, lease: Lease) -> bool:
        return self._leased.get(lease.row) is lease
