"""A class graded in parallel, each report as soon as it is there."""

from __future__ import annotations

import select
from collections.abc import Iterable, Iterator

from ..errors import AutograderError
from ..grading.score import broken
from ..model import Report, Submission
from ..store import ATTEMPTS, Lease, Ledger
from .process import Died, GradingProcess
from .setup import Setup

_END_S = 10  # for idle processes to end their sandboxes
_LOOK_MS = 1000  # between two looks at processes that say nothing
_STARTS = 3  # processes in a row that may die before they are ready


def grade_class(submissions: Iterable[Submission], setup: Setup, jobs: int) -> Iterator[Report]:
    """Grade hand-ins in parallel; reports come as they are finished, whichever process dies meanwhile."""
    return grade_all(Ledger(submissions), setup, jobs)


def grade_all(ledger: Ledger, setup: Setup, jobs: int) -> Iterator[Report]:
    """Grade what waits in a ledger, with up to `jobs` processes; each report once the ledger has kept it.

    A hand-in whose process died is tried once more in a fresh one, with nothing beside it, and then
    reported as INTERNAL; the others go on. Raises AutograderError where no process can be started.
    """
    yield from _work_off(ledger, setup, jobs)
    while ledger.retry_lost():
        yield from _work_off(ledger, setup, 1)


def _work_off(ledger: Ledger, setup: Setup, jobs: int) -> Iterator[Report]:
    """Grade what can be leased, until nobody works."""
    with Pool(setup, jobs) as pool:
        ledger.read_ahead(jobs)
        while pool.hand_out(ledger):
            ledger.read_ahead(jobs)
            for lease, answer in pool.answers():
                report = answer or _given_up(lease, setup)
                if report is None:
                    ledger.give_back(lease)
                    continue
                pool.hand_out(ledger)  # first, so that no process waits while files are written
                if ledger.finish(lease, report):
                    yield report


def _given_up(lease: Lease, setup: Setup) -> Report | None:
    """The report of a hand-in over which the last process died that may; None before."""
    if lease.attempt < ATTEMPTS:
        return None
    return broken(setup.assignment, lease.submission, "the grading process died twice", tier=setup.tier)


class Pool:
    """Grading processes of this machine, replaced when they die. A context manager."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup, self._jobs = setup, jobs
        self._processes: dict[int, GradingProcess] = {}
        self._started = 0
        self._stillborn = 0  # that died before they were ready, in a row

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for process in self._processes.values():
            process.hang_up()  # all at once, since each takes a while to end
        for process in self._processes.values():
            process.end(_END_S if kind is None and process.idle else 0)

    def hand_out(self, ledger: Ledger) -> bool:
        """Give every idle process a hand-in, while there are any; False where no process works any more."""
        for process in self._processes.values():
            if process.idle and (lease := ledger.lease(process.number)):
                process.give(lease)
        working = sum(process.lease is not None for process in self._processes.values())
        while len(self._processes) < min(self._jobs, working + ledger.waiting):
            self._start()
        return working + ledger.waiting > 0

    def answers(self) -> Iterator[tuple[Lease, Report | None]]:
        """Wait a moment for replies: the lease and report of each; no report where the process died.

        Raises what kept graders from starting.
        """
        poll = select.poll()
        for process in self._processes.values():
            poll.register(process, select.POLLIN)
        speaking = {process.fileno(): process for process in self._processes.values()}
        ready = poll.poll(_LOOK_MS)
        for descriptor, _ in ready:
            process = speaking[descriptor]
            lease, report = process.lease, None
            try:
                report = process.answer()
                self._stillborn = 0
            except Died:
                self._bury(process)
            process.lease = None
            if lease is not None:
                yield lease, report
        for process in self._processes.values():
            process.look()

    def _start(self) -> None:
        self._started += 1
        try:
            self._processes[self._started] = GradingProcess(self._started, self._setup)
        except OSError as error:
            raise AutograderError(
                f"no grading process can be started ({error.strerror}); "
                "name fewer with --jobs, or raise the limits of this shell (ulimit -a)"
            ) from error

    def _bury(self, process: GradingProcess) -> None:
        del self._processes[process.number]
        words = process.last_words()
        process.end(0)
        self._stillborn += not process.ready
        if self._stillborn >= _STARTS:
            told = f": {words.splitlines()[-1]}" if words else ""
            raise AutograderError(f"{_STARTS} grading processes in a row died while they started{told}")
