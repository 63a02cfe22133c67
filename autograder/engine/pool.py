"""A class graded in parallel, each report as soon as it is there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from itertools import islice

from ..grading.score import broken
from ..model import Report, Submission
from .grade import Grader, Setup

_AHEAD = 3  # submissions handed out per process, so that none waits and few are held in memory


def local_executor(jobs: int) -> Executor:
    """Processes of this machine. Spawned, for the parent may have threads."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_the_parent)


def grade_class(
    submissions: Iterable[Submission],
    setup: Setup,
    jobs: int,
    executor: Callable[[int], Executor] = local_executor,
) -> Iterator[Report]:
    """Reports in the order in which they are finished.

    A submission whose grading process died is tried once more in a fresh one, alone, and then
    reported as INTERNAL; the others go on.
    """
    waiting = iter(submissions)
    suspects: list[Submission] = []
    while batch := list(islice(waiting, 1)):
        lost = yield from _grade_until_broken(batch, waiting, setup, executor(jobs), jobs)
        suspects += lost
    for suspect in suspects:
        lost = yield from _grade_until_broken([suspect], iter(()), setup, executor(1), 1)
        for submission in lost:
            yield broken(setup.assignment, submission, "the grading process died twice", tier=setup.tier)


def _grade_until_broken(
    first: list[Submission],
    waiting: Iterator[Submission],
    setup: Setup,
    executor: Executor,
    jobs: int,
) -> Generator[Report, None, list[Submission]]:
    """Grade until all is done or the pool breaks; return the submissions that were in its hands."""
    running: dict[Future[Report], Submission] = {}
    try:
        for submission in first:
            running[executor.submit(grade_one, setup, submission)] = submission
        while running:
            for submission in islice(waiting, jobs * _AHEAD - len(running)):
                running[executor.submit(grade_one, setup, submission)] = submission
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                report = future.result()
                del running[future]
                yield report
    except BrokenProcessPool:
        return list(running.values())
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return []


def grade_one(setup: Setup, submission: Submission) -> Report:
    """Grade in this process, with graders kept warm from one call to the next."""
    return _grader(setup).grade(submission)


@lru_cache(maxsize=2)
def _grader(setup: Setup) -> Grader:
    return Grader(setup)


def _follow_the_parent() -> None:
    # Ctrl-C reaches the whole process group; only the parent may decide what is kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A pool's processes hold both ends of its pipes, so one whose parent was killed would wait for ever.
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
