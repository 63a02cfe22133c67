"""The hidden tests themselves: which never fail, and which always fail together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..model import Report, Verdict

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
