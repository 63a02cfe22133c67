"""From failed tests to the likely mistake of each task."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from ..author.catalogue import Mistake
from ..course import CourseModules
from ..grading import GraderSession
from ..model import MACHINE_PARTS, Assignment, Diagnosis
from ..studentkit import Local, NotClose, StudentError
from ..studentkit.kinds import Kind
from .candidates import AND, Candidates
from .curve import Curve, Recorder, curve
from .exceptions import by_exception
from .likeness import NONE, likeness
from .matching import Failures, Match, Matcher, compared, spread
from .outcomes import Outcomes
from .relations import by_relation
from .suspects import Suspect, sections
from .timecap import within

_DRAWN = 4  # failed tests in which a gradient to draw is looked for
_SECONDS = 0.25  # for one look at a gradient
_SURE = 0.6  # confidence from which a task has a mistake of its own beside one that it needs
_WORTH_SAYING = 0.2  # below it a mistake of the catalogue says less than how numbers are related
_UNTOLD = ("timeout", "memory", "output", "crashed", "forbidden")  # the verdict says it all


@dataclass(frozen=True)
class Found:
    """What is known of failed tests."""

    diagnoses: Mapping[str, Diagnosis]  # task -> its likely mistake, where one can be named
    own: frozenset[str]  # tasks whose failures do not come from a task that they need


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
        self._matcher = Matcher(session, Candidates(modules, mistakes, kind, assignment.packages), outcomes)
        self._sections = sections(assignment.folder / "handout.md")
        self._ready: set[str] = set()  # tasks

    def diagnose(self, failures: Failures, seeds: Callable[[str], int]) -> Found:
        """The likely mistakes behind failed tests. `seeds` are those of the grading."""
        self._prepare(failures, seeds)
        found: dict[str, Diagnosis] = {}
        named: dict[str, Suspect] = {}  # task -> whose mistake it is
        stands: set[str] = set()  # tasks that do not follow from another
        lost: set[str] = set()
        for number, task in enumerate(self._assignment.tasks, 1):
            own = {each: failures[each] for each in self._matcher.tests_of(task) if each in failures}
            lost_needs = lost & set(task.needs)
            lost |= {task.id} if own else set()
            told = {each: error for each, error in own.items() if not _is_told(error)}
            upstream = [named[need] for need in task.needs if need in named]
            if not told or any(self._explains(suspect, told, seeds) for suspect in upstream):
                continue  # what follows from another task is mended there
            matches = self._matcher.matches(task, told, own, upstream, seeds)
            answer = _by_suspects(matches, told) if matches else None
            apart = upstream and len(upstream) == len(lost_needs)
            if lost_needs and not apart and (answer is None or answer.confidence < _SURE):
                continue  # neither is the mistake there known nor one here; most likely it follows
            stands.add(task.id)
            if answer is None or answer.confidence < _WORTH_SAYING:
                answer = by_exception(told) or by_relation(told)
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
        outcomes = {test: self._matcher.outcome(suspect, test, seeds) for test in compared(told)}
        return all(likeness(told[test], outcome) != NONE for test, outcome in outcomes.items())

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
        for each in spread(numbers, _DRAWN):
            recorder = Recorder(self._load, self._kind)
            try:
                within(_SECONDS, lambda: self._session.attempt(each, recorder.student(), seeds))  # noqa: B023
                found = within(_SECONDS, lambda: curve(told[each], recorder.calls))  # noqa: B023
            except Exception:  # a picture is not worth a report
                continue
            if isinstance(found, tuple) and found:
                return found
        return ()


def _by_suspects(matches: Sequence[Match], told: Failures) -> Diagnosis:
    """What the best match says; with a second one where the two together account for everything."""
    chosen, best = compared(told), matches[0]
    rest = set(chosen) - best.explained
    other = next((match for match in matches[1:] if match.strong & rest and rest <= match.explained), None)
    rivals = len({match.suspect.says for match in matches if match.rank == best.rank})
    told_by = best.explained | (other.explained if other else set())
    says = best.suspect.says + (f"{AND}{other.suspect.says}" if other else "")
    how = "gave the same wrong numbers" if best.strong else "failed in the same way"
    evidence = f"Code with this mistake {how} in {len(told_by)} of the {len(chosen)} failed tests compared."
    return Diagnosis(best.suspect.name, says, evidence, _confidence(best, other, rivals, len(chosen)))


def _confidence(best: Match, other: Match | None, rivals: int, compared: int) -> float:
    explained = len(best.explained | (other.explained if other else set())) / compared
    sure = 0.97 if len(best.strong) > 1 else 0.9 if best.strong else 0.5
    sure *= best.suspect.sure * (0.7 if best.elsewhere else 1.0)
    return round(sure * explained / (1 if rivals == 1 else 1.3), 2)


def _is_told(error: BaseException) -> bool:
    """Whether nothing is left to say: not done yet, or ended by force."""
    return isinstance(error, StudentError) and (error.verdict in _UNTOLD or "not done yet" in str(error))
