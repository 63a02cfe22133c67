"""Points: pure arithmetic from test results to a report."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from ..model import Assignment, Report, Submission, Task, TaskScore, TestResult, Verdict
from ..studentkit.earning import Fact, basis, unearned

_DAY_S = 86_400.0


def score(
    assignment: Assignment,
    submission: Submission,
    results: tuple[TestResult, ...],
    *,
    tier: int,
) -> Report:
    """The report of one submission: task scores, lateness, and open points.

    A task's score is points × Σ weight(part) × passed(part) / tests(part) / Σ weight, where a test that
    guessing may pass earns only with others (`studentkit/earning.py`). INTERNAL anywhere: no score. OPEN
    tests and tasks graded by hand are counted in `open_points`. The tier is the lowest at which any of it
    ran: on a GPU it can be another.
    """
    results = grounded(assignment.tasks, results)
    shares = {task.id: _share(task, results) for task in assignment.tasks}
    tasks = tuple(_task_score(task, shares, results, assignment.tasks) for task in assignment.tasks)
    internal = any(result.verdict is Verdict.INTERNAL for result in results)
    earned = sum(task.score or 0.0 for task in tasks)
    late_days = _late_days(assignment.due, submission.received_at)
    penalty = _penalty(earned, late_days, assignment.late_policy)
    return Report(
        student=submission.student,
        assignment=assignment.id,
        title=assignment.title,
        score=None if internal else _rounded(earned - penalty),
        max_score=assignment.points,
        open_points=_rounded(sum(_open_points(task, results) for task in assignment.tasks)),
        tier=min([tier, *(result.timing.tier for result in results if result.timing)]),
        tasks=tasks,
        results=results,
        notes=submission.notes,
        status="internal" if internal else "graded",
        reason="a grader failed; staff have been told" if internal else None,
        late_days=late_days,
        penalty=_rounded(penalty),
        submission_sha256=submission.sha256,
    )


def grounded(tasks: tuple[Task, ...], results: tuple[TestResult, ...]) -> tuple[TestResult, ...]:
    """The results, with fraction 0 and the reason for each passed test that earns nothing."""
    by_id = {result.id: result for result in results}
    for task in tasks:
        own = [result for result in results if result.task == task.id]
        facts = [Fact(result.part, result.verdict is Verdict.PASSED, result.judges) for result in own]
        for each, why in zip(own, unearned(facts, basis(tuple(task.weights), task.rests_on)), strict=True):
            if why:
                by_id[each.id] = replace(each, fraction=0.0, message=why)
    return tuple(by_id[result.id] for result in results)


def unreadable(assignment: Assignment, submission: Submission, *, tier: int) -> Report:
    """The report of a hand-in that could not be read: no points, and the reason."""
    return _ungraded(assignment, submission, "unreadable", submission.reason, 0.0, tier)


def broken(assignment: Assignment, submission: Submission, reason: str, *, tier: int) -> Report:
    """The report where grading itself failed: no score, and the reason for staff."""
    return _ungraded(assignment, submission, "internal", reason, None, tier)


def _ungraded(
    assignment: Assignment,
    submission: Submission,
    status: str,
    reason: str | None,
    points: float | None,
    tier: int,
) -> Report:
    return Report(
        student=submission.student,
        assignment=assignment.id,
        title=assignment.title,
        score=points,
        max_score=assignment.points,
        open_points=0.0,
        tier=tier,
        tasks=tuple(TaskScore(task.id, task.title, points, task.points, {}) for task in assignment.tasks),
        results=(),
        notes=submission.notes,
        status=status,
        reason=reason,
        submission_sha256=submission.sha256,
    )


def _by_part(task: Task, results: Iterable[TestResult]) -> dict[str, list[TestResult]]:
    parts: dict[str, list[TestResult]] = defaultdict(list)
    for result in results:
        if result.task == task.id:
            parts[result.part].append(result)
    return parts


def _share(task: Task, results: tuple[TestResult, ...]) -> float | None:
    """Fraction of the task's points earned; None for a task graded by hand or broken by us."""
    parts = _by_part(task, results)
    if task.kind != "code" or any(r.verdict is Verdict.INTERNAL for rs in parts.values() for r in rs):
        return None
    earned = sum(
        task.weights[part] * sum(r.fraction for r in tests if r.verdict is Verdict.PASSED) / len(tests)
        for part, tests in parts.items()
    )
    return earned / sum(task.weights.values())


def _open_points(task: Task, results: tuple[TestResult, ...]) -> float:
    if task.kind != "code":
        return task.points
    total = sum(task.weights.values())
    return sum(
        task.points * task.weights[part] / total * sum(r.verdict is Verdict.OPEN for r in tests) / len(tests)
        for part, tests in _by_part(task, results).items()
    )


def _task_score(
    task: Task,
    shares: Mapping[str, float | None],
    results: tuple[TestResult, ...],
    tasks: tuple[Task, ...],
) -> TaskScore:
    share = shares[task.id]
    incomplete = {task.id for task in tasks if _loses(task, shares[task.id], results)}
    return TaskScore(
        task=task.id,
        title=task.title,
        score=None if share is None else _rounded(task.points * share),
        max_score=task.points,
        verdicts={result.id: result.verdict for result in results if result.task == task.id},
        follows_from=tuple(need for need in task.needs if need in incomplete)
        if task.id in incomplete
        else (),
        open_points=_rounded(_open_points(task, results)),
    )


def _loses(task: Task, share: float | None, results: tuple[TestResult, ...]) -> bool:
    """Whether some of a task's points were neither earned nor are open."""
    return share is not None and _rounded(task.points * share + _open_points(task, results)) < task.points


def _late_days(due: datetime | None, received: datetime | None) -> int:
    if due is None or received is None or received <= due:
        return 0
    return math.ceil((received - due).total_seconds() / _DAY_S)


def _penalty(earned: float, late_days: int, policy: Mapping[str, float]) -> float:
    if not late_days or not policy:
        return 0.0
    if late_days > policy.get("max_days", math.inf):
        return earned
    return earned * min(1.0, policy.get("per_day", 0.0) * late_days)


def _rounded(points: float) -> float:
    # Weighted thirds must not show as 29.999999999999996.
    return round(points, 6)
