"""The hidden tests themselves: which never fail, which always fail together, which fail by chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..engine import Setup, grade_class
from ..model import Submission, Verdict
from ..release import project


def idle(tests: Iterable[str], failures: Iterable[tuple[str, ...]]) -> list[str]:
    """Tests that no wrong solution failed."""
    failed = {test for each in failures for test in each}
    return [test for test in tests if test not in failed]


def twins(failures: Iterable[tuple[str, ...]]) -> list[list[str]]:
    """Groups of test functions that always fail together: all but one of them tell nothing new.

    Cases of one function count as one: other shapes are another chance to go wrong.
    """
    by_function: dict[str, set[int]] = defaultdict(set)
    for number, each in enumerate(failures):
        for test in each:
            by_function[test.partition("[")[0]].add(number)
    groups: dict[frozenset[int], list[str]] = defaultdict(list)
    for function, numbers in by_function.items():
        groups[frozenset(numbers)].append(function)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def over_seeds(setup: Setup, seeds: int, jobs: int) -> Iterator[Counter[str]]:
    """The complete solution under many seeds, as soon as each is graded: tests that it did not pass."""
    files = project(setup.course, setup.assignment, solution=True)
    modules = {Path(path).stem: text for path, text in files.items()}
    submissions = (Submission(f"seed-{n}", setup.assignment.id, modules) for n in range(seeds))
    for report in grade_class(submissions, replace(setup, diagnosed=False), jobs):
        yield Counter(each.id for each in report.results if each.verdict != Verdict.PASSED)
