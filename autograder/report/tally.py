"""Numbers about a class: pure arithmetic over reports."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..model import Report, Verdict
from .words import badge_words, count

# What staff should look at, worst first: our fault, then what an attack or an accident looks like.
_ALARMING = (
    Verdict.INTERNAL,
    Verdict.CRASHED,
    Verdict.MEMORY,
    Verdict.TIMEOUT,
    Verdict.OUTPUT,
    Verdict.FORBIDDEN,
)


@dataclass(frozen=True, slots=True)
class TaskTally:
    """One task over the class; reports without a score for it are left out."""

    task: str
    title: str
    graded: int  # reports with a score
    share: float  # mean share of the points, 0 to 1
    full: float  # share of reports with full points
    lost: float  # points lost per report, mean


@dataclass(frozen=True, slots=True)
class TestTally:
    """One test over the class."""

    __test__ = False  # not a test class for pytest

    id: str
    task: str
    ran: int  # reports that hold it, judged
    passed: int

    @property
    def share(self) -> float:
        """Share of reports that pass it, 0 to 1."""
        return self.passed / self.ran if self.ran else 0.0


@dataclass(frozen=True, slots=True)
class MistakeTally:
    """One likely mistake and who made it."""

    says: str
    task: str
    students: tuple[str, ...]
    share: float  # of the class, 0 to 1


def shares(reports: Iterable[Report]) -> list[float]:
    """Scores as a share of full marks, 0 to 1, of reports that have one."""
    return [r.score / r.max_score for r in reports if r.score is not None and r.max_score]


def middle(reports: Sequence[Report]) -> tuple[float | None, float | None]:
    """Mean and median score of reports that have one."""
    scores = [report.score for report in reports if report.score is not None]
    return (statistics.fmean(scores), statistics.median(scores)) if scores else (None, None)


def tasks(reports: Sequence[Report]) -> list[TaskTally]:
    """Tasks in the order of the assignment."""
    titles = {task.task: task.title for report in reports for task in report.tasks}
    return [_task(task, title, reports) for task, title in titles.items()]


def _task(task: str, title: str, reports: Sequence[Report]) -> TaskTally:
    scores = [
        (scored.score, scored.max_score - scored.open_points)
        for report in reports
        for scored in report.tasks
        if scored.task == task and scored.score is not None and scored.max_score > scored.open_points
    ]
    number = len(scores) or 1
    return TaskTally(
        task=task,
        title=title,
        graded=len(scores),
        share=sum(score / most for score, most in scores) / number,
        full=sum(score >= most for score, most in scores) / number,
        lost=sum(most - score for score, most in scores) / number,
    )


def tests(reports: Sequence[Report]) -> list[TestTally]:
    """Tests, hardest first. Where a test is open or was our fault, that report is left out."""
    ran: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    owner: dict[str, str] = {}
    for report in reports:
        for result in report.results:
            owner.setdefault(result.id, result.task)
            judged = result.verdict not in (Verdict.OPEN, Verdict.INTERNAL)
            ran[result.id] += judged
            passed[result.id] += result.verdict is Verdict.PASSED
    tallies = [TestTally(test, task, ran[test], passed[test]) for test, task in owner.items()]
    return sorted((test for test in tallies if test.ran), key=lambda test: test.share)


def mistakes(reports: Sequence[Report]) -> list[MistakeTally]:
    """Likely mistakes, the most frequent first."""
    who: dict[tuple[str, str], list[str]] = {}
    for report in reports:
        for task in report.tasks:
            if task.diagnosis:
                who.setdefault((task.diagnosis.says, task.title), []).append(report.student)
    tallies = [
        MistakeTally(says, title, tuple(names), len(names) / len(reports))
        for (says, title), names in who.items()
    ]
    return sorted(tallies, key=lambda mistake: -len(mistake.students))


def flags(report: Report, *, tier: bool = True) -> list[str]:
    """Why staff should look at a report, worst first; `tier`: tell of tier 0 too."""
    words = []
    if report.status != "graded":
        words.append("our fault" if report.status == "internal" else "unreadable")
    seen = Counter(result.verdict for result in report.results)
    for verdict in _ALARMING:
        if seen[verdict] and not (verdict is Verdict.INTERNAL and report.status == "internal"):
            words.append(badge_words(verdict)[0])
    if report.late_days:
        words.append(f"late {count(report.late_days, 'day')}")
    if tier and report.tier == 0:
        words.append("tier 0")
    return words
