"""The hidden tests themselves: which never fail, which always fail together, which fail by chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..engine import Setup, grade_class
from ..model import Report, Submission, Verdict
from ..release import project
from .ledger import Ledger

_FINE = (Verdict.PASSED, Verdict.OPEN)  # an audit times nothing, which is no failure


def failed_tests(report: Report) -> tuple[str, ...]:
    """Hidden tests that a hand-in fails."""
    return tuple(result.id for result in report.results if result.verdict not in _FINE)


def idle(tests: Iterable[str], failures: Iterable[tuple[str, ...]]) -> list[str]:
    """Tests that no wrong solution failed."""
    failed = {test for own in failures for test in own}
    return [test for test in tests if test not in failed]


def twins(failures: Iterable[tuple[str, ...]]) -> list[list[str]]:
    """Groups of test functions that always fail together: all but one of them tell nothing new.

    Cases of one function count as one: other shapes are another chance to go wrong.
    """
    by_function: dict[str, set[int]] = defaultdict(set)
    for number, failed in enumerate(failures):
        for test in failed:
            by_function[test.partition("[")[0]].add(number)
    groups: dict[frozenset[int], list[str]] = defaultdict(list)
    for function, numbers in by_function.items():
        groups[frozenset(numbers)].append(function)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def over_seeds(setup: Setup, seeds: int, jobs: int, ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """The complete solution under many seeds: tests that it fails, as soon as each is graded.

    Speed is left out: it is not judged by numbers drawn from a seed.
    """
    known = ledger.read()
    names = [f"seed-{number}" for number in range(seeds)]
    yield from (tuple(known[name]["failed"]) for name in names if name in known)
    files = project(setup.course, setup.assignment, solution=True)
    modules = {Path(path).stem: text for path, text in files.items()}
    waiting = (Submission(name, setup.assignment.id, modules) for name in names if name not in known)
    for report in grade_class(waiting, replace(setup, diagnosed=False, timed=False), jobs):
        failed = failed_tests(report)
        ledger.write(report.student, {"failed": failed})
        yield failed
