"""Which suspects fail tests in the way in which a student's code fails them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..grading import GraderSession
from ..model import MACHINE_PARTS, Task
from ..studentkit import NotClose
from .candidates import Candidates
from .likeness import NONE, STRONG, likeness
from .outcomes import Outcome, Outcomes
from .relations import by_relation
from .suspects import Suspect, raised

_COMPARED = 8  # failed tests of a task in which suspects are tried
_PROBES = 3  # of these, the ones that every suspect is tried in where the first tells too little
_MORE = 5  # and where these tell too little as well
_ALIBIS = 16  # passed tests that a suspect must pass too
_SECONDS = 0.25  # for one suspect in one test
_ENOUGH = 2  # wrong numbers: two codes agree in one of them by chance, 1 in 1000

Failures = Mapping[str, BaseException]  # test id -> what it raised


@dataclass
class Match:
    """A suspect and the failed tests that it fails in the same way."""

    suspect: Suspect
    strong: set[str]
    weak: set[str]
    elsewhere: bool = False  # it also fails tests that the student passed

    @property
    def explained(self) -> set[str]:
        """Failed tests that it accounts for."""
        return self.strong | self.weak

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The larger the likelier."""
        return not self.elsewhere, len(self.strong), len(self.weak)


class Matcher:
    """Compares failures with those of suspects, which it runs in the hidden tests of a session."""

    def __init__(self, session: GraderSession, candidates: Candidates, outcomes: Outcomes) -> None:
        self._session, self._candidates, self._outcomes = session, candidates, outcomes

    def matches(
        self,
        task: Task,
        told: Failures,
        own: Failures,
        upstream: Sequence[Suspect],
        seeds: Callable[[str], int],
    ) -> list[Match]:
        """Suspects that fail where the student failed, best first: those that pass all else before others.

        Where nobody of the catalogue accounts for every failed test by the same wrong numbers, combinations
        and mutants are asked, of whom only those count that do.
        """
        chosen = compared(told)
        passed = [test for test in self.tests_of(task) if test not in own]
        alibis = spread(passed, _ALIBIS)
        matches = self._likely(self._candidates.catalogued(task), told, chosen, alibis, seeds)
        explained = any(match.explained == set(chosen) for match in matches)
        if explained or self._candidates.few or not _tells(told, chosen):
            return matches
        for suspects in (
            self._candidates.beside(task, upstream),
            self._candidates.pairs(self._partial(task, chosen, alibis, seeds)),
            () if by_relation(told) else self._candidates.mutants(task),
        ):
            found = self._exact(suspects, told, chosen, alibis, seeds)
            if found:
                return found
        return matches

    def _likely(
        self,
        suspects: Sequence[Suspect],
        told: Failures,
        chosen: list[str],
        alibis: list[str],
        seeds: Callable[[str], int],
    ) -> list[Match]:
        looked: dict[str, Match] = {}
        matches: list[Match] = []
        # Most suspects are cleared by the first test. Only where nobody accounts for everything are
        # they asked about the others as well: then there may be two mistakes.
        for probes in (chosen[:1], chosen[1:_PROBES], chosen[_PROBES:_MORE]):
            for suspect in suspects:
                match = looked.setdefault(suspect.id, Match(suspect, set(), set()))
                if not probes or match.explained:
                    continue
                self._compare(match, told, probes, seeds)
                if match.explained:
                    rest = [each for each in chosen if each not in match.explained]
                    self._compare(match, told, rest, seeds)
                    match.elsewhere = self._fails_any(suspect, alibis, seeds)
                    # In differently written code a mistake may touch fewer functions: then the wrong
                    # numbers must be the same in every failed test.
                    if not match.elsewhere or match.strong == set(chosen):
                        matches.append(match)
            if any(match.explained == set(chosen) for match in matches):
                break
        return sorted(matches, key=lambda match: match.rank, reverse=True)

    def _partial(
        self, task: Task, chosen: list[str], alibis: list[str], seeds: Callable[[str], int]
    ) -> list[Suspect]:
        """Mistakes that may be one of two: they fail a test that the student failed, and none besides."""
        return [
            suspect
            for suspect in self._candidates.catalogued(task)
            if self._fails_any(suspect, chosen, seeds) and not self._fails_any(suspect, alibis, seeds)
        ]

    def _exact(
        self,
        suspects: Iterable[Suspect],
        told: Failures,
        chosen: list[str],
        alibis: list[str],
        seeds: Callable[[str], int],
    ) -> list[Match]:
        """Those that give the same wrong numbers in every failed test, and pass what the student passed."""
        return [
            Match(suspect, set(chosen), set())
            for suspect in suspects
            if all(likeness(told[test], self.outcome(suspect, test, seeds)) == STRONG for test in chosen)
            and not self._fails_any(suspect, alibis, seeds)
        ]

    def _fails_any(self, suspect: Suspect, tests: Iterable[str], seeds: Callable[[str], int]) -> bool:
        return any(self.outcome(suspect, test, seeds) is not None for test in tests)

    def _compare(
        self, match: Match, told: Failures, tests: Sequence[str], seeds: Callable[[str], int]
    ) -> None:
        for each in tests:
            found = likeness(told[each], self.outcome(match.suspect, each, seeds))
            if found != NONE:
                (match.strong if found == STRONG else match.weak).add(each)

    def outcome(self, suspect: Suspect, test_id: str, seeds: Callable[[str], int]) -> Outcome | None:
        """What a test comes to on a suspect."""

        def find_out() -> BaseException | None:
            return raised(self._session, test_id, lambda: suspect.student, seeds, _SECONDS)

        return self._outcomes.of(suspect.id, test_id, find_out)

    def tests_of(self, task: Task) -> list[str]:
        """Ids of the tests that look at answers."""
        tests = self._session.tests.items()
        return [each for each, (owner, part) in tests if owner == task.id and part not in MACHINE_PARTS]


def compared(told: Failures) -> list[str]:
    """The failed tests in which suspects are tried."""
    return spread(list(told), _COMPARED)


def _tells(told: Failures, chosen: list[str]) -> bool:
    """Whether the wrong numbers are many enough that nobody else has them by chance."""
    errors = [error for test in chosen if isinstance(error := told[test], NotClose)]
    numbers = sum(np.isfinite(error.actual).sum() for error in errors if error.actual is not None)
    return len(errors) == len(chosen) and numbers >= _ENOUGH


def spread(tests: Sequence[str], most: int) -> list[str]:
    """At most so many tests, of as many test functions as there are."""
    by_function: dict[str, list[str]] = {}
    for each in tests:
        by_function.setdefault(each.partition("[")[0], []).append(each)
    rounds = max(map(len, by_function.values()), default=0)
    mixed = [group[at] for at in range(rounds) for group in by_function.values() if at < len(group)]
    return mixed[:most]
