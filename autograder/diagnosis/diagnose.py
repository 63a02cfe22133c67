"""From failed tests to the likely mistake of each task."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from ..author.catalogue import Mistake
from ..course import CourseModules
from ..grading import GraderSession
from ..model import MACHINE_PARTS, Assignment, Diagnosis, Task
from ..studentkit import Local, NotClose, StudentError
from ..studentkit.kinds import Kind
from .curve import Curve, Recorder, curve
from .likeness import NONE, STRONG, likeness
from .outcomes import Outcome, Outcomes
from .relations import relation
from .suspects import Suspect, raised, sections, suspects_of
from .timecap import within

_COMPARED = 8  # failed tests of a task in which suspects are tried
_PROBES = 3  # of these, the ones that every suspect is tried in where the first tells too little
_MORE = 5  # and where these tell too little as well
_ALIBIS = 16  # passed tests that a suspect must pass too
_DRAWN = 4  # failed tests in which a gradient to draw is looked for
_SECONDS = 0.25  # for one suspect in one test
_SURE = 0.6  # confidence from which a task has a mistake of its own beside one that it needs
_UNTOLD = ("timeout", "memory", "output", "crashed", "forbidden")  # the verdict says it all

Failures = Mapping[str, BaseException]  # test id -> what it raised


@dataclass(frozen=True)
class Found:
    """What is known of failed tests."""

    diagnoses: Mapping[str, Diagnosis]  # task -> its likely mistake, where one can be named
    own: frozenset[str]  # tasks whose failures do not come from a task that they need


@dataclass
class _Match:
    """A suspect and the failed tests that it fails in the same way."""

    suspect: Suspect
    strong: set[str]
    weak: set[str]
    elsewhere: bool = False  # it also fails tests that the student passed

    @property
    def explained(self) -> set[str]:
        return self.strong | self.weak

    @property
    def rank(self) -> tuple[bool, int, int]:
        return not self.elsewhere, len(self.strong), len(self.weak)


class Diagnostician:
    """Knows an assignment's mistakes and how to run its tests on them.

    Runs our own code only: of the student's there are the numbers that failed a comparison.
    """

    def __init__(
        self,
        modules: CourseModules,
        assignment: Assignment,
        mistakes: Sequence[Mistake],
        session: GraderSession,
        kind: Callable[[str, str], Kind],
        outcomes: Outcomes,
    ) -> None:
        self._assignment = assignment
        self._session = session
        self._kind = kind
        self._load: Callable[[str], ModuleType] = modules.library
        self._suspects = suspects_of(modules, mistakes, kind)
        self._sections = sections(assignment.folder / "handout.md")
        self._outcomes = outcomes
        self._ready: set[str] = set()  # tasks

    def diagnose(self, failures: Failures, seeds: Callable[[str], int]) -> Found:
        """The likely mistakes behind failed tests. `seeds` are those of the grading."""
        self._prepare(failures, seeds)
        found: dict[str, Diagnosis] = {}
        named: dict[str, Suspect] = {}  # task -> whose mistake it is
        stands: set[str] = set()  # tasks that do not follow from another
        lost: set[str] = set()
        for number, task in enumerate(self._assignment.tasks, 1):
            own = {each: failures[each] for each in self._tests_of(task) if each in failures}
            lost_needs = lost & set(task.needs)
            lost |= {task.id} if own else set()
            told = {each: error for each, error in own.items() if not _is_told(error)}
            upstream = [named[need] for need in task.needs if need in named]
            if not told or any(self._explains(suspect, told, seeds) for suspect in upstream):
                continue  # what follows from another task is mended there
            matches = self._matches(task, told, own, seeds)
            answer = _by_suspects(matches, told) if matches else None
            apart = upstream and len(upstream) == len(lost_needs)
            if lost_needs and not apart and (answer is None or answer.confidence < _SURE):
                continue  # neither is the mistake there known nor one here; most likely it follows
            stands.add(task.id)
            answer = answer or _by_relation(told)
            if answer is not None:
                found[task.id] = replace(answer, read=self._reading(number), curve=self._curve(told, seeds))
            if matches:
                named[task.id] = matches[0].suspect
        return Found(found, frozenset(stands))

    def _reading(self, number: int) -> str:
        title = self._sections.get(number)
        return f"section {number} of the handout, {title}" if title else ""

    def _explains(self, suspect: Suspect, told: Failures, seeds: Callable[[str], int]) -> bool:
        """Whether code whose only mistake is in a needed task fails these tests in the same way."""
        compared = _compared(told)
        return all(likeness(told[test], self._outcome(suspect, test, seeds)) != NONE for test in compared)

    def _prepare(self, failures: Failures, seeds: Callable[[str], int]) -> None:
        """Run a failed test of each task once on the reference, without a limit.

        It may import what it needs only when it runs, as torch does, and a limit that fell into the midst
        of that would leave half a module behind.
        """
        for each in failures:
            task, part = self._session.tests[each]
            if task not in self._ready and part not in MACHINE_PARTS:
                self._ready.add(task)
                with warnings.catch_warnings(action="ignore"):
                    self._session.attempt(each, Local(self._load, self._kind, wrap=True), seeds)

    def _curve(self, told: Failures, seeds: Callable[[str], int]) -> Curve:
        """Of the first failed gradient for which it can be drawn."""
        numbers = [each for each, error in told.items() if isinstance(error, NotClose)]
        for each in _spread(numbers, _DRAWN):
            recorder = Recorder(self._load, self._kind)
            try:
                within(_SECONDS, lambda: self._session.attempt(each, recorder.student(), seeds))  # noqa: B023
                found = within(_SECONDS, lambda: curve(told[each], recorder.calls))  # noqa: B023
            except Exception:  # a picture is not worth a report
                continue
            if isinstance(found, tuple) and found:
                return found
        return ()

    def _tests_of(self, task: Task) -> list[str]:
        tests = self._session.tests.items()
        return [each for each, (owner, part) in tests if owner == task.id and part not in MACHINE_PARTS]

    def _matches(
        self, task: Task, told: Failures, own: Failures, seeds: Callable[[str], int]
    ) -> list[_Match]:
        """Suspects that fail where the student failed, best first: those that pass all else before others."""
        chosen = _compared(told)
        passed = [test for test in self._tests_of(task) if test not in own]
        alibis = _spread(passed, _ALIBIS)
        suspects = self._suspects.get(task.id, ())
        looked: dict[str, _Match] = {}
        matches: list[_Match] = []
        # Most suspects are cleared by the first test. Only where nobody accounts for everything are
        # they asked about the others as well: then there may be two mistakes.
        for probes in (chosen[:1], chosen[1:_PROBES], chosen[_PROBES:_MORE]):
            for suspect in suspects:
                match = looked.setdefault(suspect.mistake.id, _Match(suspect, set(), set()))
                if not probes or match.explained:
                    continue
                self._compare(match, told, probes, seeds)
                if match.explained:
                    rest = [each for each in chosen if each not in match.explained]
                    self._compare(match, told, rest, seeds)
                    self._question(match, chosen, alibis, seeds, matches)
            if any(match.explained == set(chosen) for match in matches):
                break
        return sorted(matches, key=lambda match: match.rank, reverse=True)

    def _question(
        self,
        match: _Match,
        chosen: list[str],
        alibis: list[str],
        seeds: Callable[[str], int],
        matches: list[_Match],
    ) -> None:
        """Add a match to the others if its suspect passes what the student passed."""
        match.elsewhere = any(self._outcome(match.suspect, each, seeds) is not None for each in alibis)
        # In differently written code a mistake may touch fewer functions: then the wrong numbers must be
        # the same in every failed test.
        if not match.elsewhere or match.strong == set(chosen):
            matches.append(match)

    def _compare(
        self, match: _Match, told: Failures, tests: Sequence[str], seeds: Callable[[str], int]
    ) -> None:
        for each in tests:
            found = likeness(told[each], self._outcome(match.suspect, each, seeds))
            if found != NONE:
                (match.strong if found == STRONG else match.weak).add(each)

    def _outcome(self, suspect: Suspect, test_id: str, seeds: Callable[[str], int]) -> Outcome | None:
        def find_out() -> BaseException | None:
            return raised(self._session, test_id, lambda: suspect.student, seeds, _SECONDS)

        return self._outcomes.of(suspect.id, test_id, find_out)


def _compared(told: Failures) -> list[str]:
    """The failed tests in which suspects are tried."""
    return _spread(list(told), _COMPARED)


def _by_suspects(matches: Sequence[_Match], told: Failures) -> Diagnosis:
    """What the best match says; with a second one where the two together account for everything."""
    chosen, best = _compared(told), matches[0]
    rest = set(chosen) - best.explained
    other = next((match for match in matches[1:] if match.strong & rest and rest <= match.explained), None)
    rivals = sum(match.rank == best.rank for match in matches)
    told_by = best.explained | (other.explained if other else set())
    says = best.suspect.mistake.says + (f" And: {other.suspect.mistake.says}" if other else "")
    how = "gave the same wrong numbers" if best.strong else "failed in the same way"
    evidence = f"Code with this mistake {how} in {len(told_by)} of the {len(chosen)} failed tests compared."
    return Diagnosis(best.suspect.mistake.id, says, evidence, _confidence(best, other, rivals, len(chosen)))


def _by_relation(told: Failures) -> Diagnosis | None:
    """A relation between the wrong numbers and the right ones that holds in most failed tests."""
    relations = [each for each in map(relation, told.values()) if each is not None]
    if not relations:
        return None
    names = [each.name for each in relations]
    best = max(relations, key=lambda each: (names.count(each.name), each.confidence))
    count = names.count(best.name)
    if 2 * count <= len(told):
        return None
    evidence = f"So it was in {count} of {len(told)} failed tests."
    return Diagnosis(best.name, best.says, evidence, best.confidence)


def _confidence(best: _Match, other: _Match | None, rivals: int, compared: int) -> float:
    explained = len(best.explained | (other.explained if other else set())) / compared
    sure = 0.97 if len(best.strong) > 1 else 0.9 if best.strong else 0.5
    sure *= 0.7 if best.elsewhere else 1.0
    return round(sure * explained / (1 if rivals == 1 else 1.3), 2)


def _is_told(error: BaseException) -> bool:
    """Whether nothing is left to say: not done yet, or ended by force."""
    return isinstance(error, StudentError) and (error.verdict in _UNTOLD or "not done yet" in str(error))


def _spread(tests: Sequence[str], most: int) -> list[str]:
    """At most so many tests, of as many test functions as there are."""
    by_function: dict[str, list[str]] = {}
    for each in tests:
        by_function.setdefault(each.partition("[")[0], []).append(each)
    rounds = max(map(len, by_function.values()), default=0)
    mixed = [group[at] for at in range(rounds) for group in by_function.values() if at < len(group)]
    return mixed[:most]
