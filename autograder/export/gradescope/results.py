"""`results.json`, as Gradescope specifies it.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

from ...engine import Grader
from ...grading.forbidden import refuse_forbidden
from ...grading.score import score
from ...model import SCHEMA_VERSION, Assignment, Report, Submission, TaskScore, TestResult, Verdict
from ...report import for_students
from .metadata import TooSoon
from .output import head_html, task_html
from .rules import Visibility

_SPEED = "speed"  # the part of a task whose times go to the leaderboard


def results(report: Report, assignment: Assignment, visibility: Visibility) -> dict[str, Any]:
    """The document of a report that has a score: one test for each task."""
    shown = for_students(report)
    document: dict[str, Any] = {
        **_frame(report.score or 0.0, head_html(shown), visibility),
        "execution_time": shown.duration_s,
        "tests": [_test(task, shown, number, visibility) for number, task in enumerate(shown.tasks, start=1)],
        "extra_data": _extra(shown),
    }
    # Everybody sees everybody's row, whatever may be seen of a test.
    if visibility is Visibility.VISIBLE and any(_SPEED in task.weights for task in assignment.tasks):
        document["leaderboard"] = _leaderboard(shown, assignment)
    return document


def partial(
    grader: Grader, submission: Submission, done: tuple[TestResult, ...], visibility: Visibility
) -> dict[str, Any]:
    """The document while tests still run. If Gradescope cuts grading off, the points so far count."""
    assignment, ran = grader.setup.assignment, {result.id for result in done}
    waiting = [
        TestResult(test, task, part, Verdict.SKIPPED, "grading was cut off before this test")
        for test, (task, part) in grader.tests.items()
        if test not in ran
    ]
    everything = refuse_forbidden((*done, *waiting), assignment, submission)
    report = score(assignment, submission, everything, tier=grader.setup.tier)
    if report.score is None:  # our fault so far; what is known is kept all the same
        earned = sum(task.score or 0.0 for task in report.tasks)
        report = replace(report, score=earned)
    document = results(report, assignment, visibility)
    says = f"<p>Grading was not finished: {len(done)} of {len(grader.tests)} tests ran.</p>"
    return {**document, "output": says + document.get("output", ""), "output_format": "html"}


def refused(refusal: TooSoon, visibility: Visibility) -> dict[str, Any]:
    """The document of a submission that came too soon: it keeps the score of the last graded one."""
    limit, again = refusal.limit, refusal.again.astimezone(UTC)
    says = (
        f"Not graded: {limit.submissions} submissions are graded in {limit.hours:g} hours, and your points "
        f"so far stay. Submit again after {again:%d %B %Y, %H:%M} UTC."
    )
    parts = ("extra_data", *(["leaderboard"] if visibility is Visibility.VISIBLE else []))
    kept = {part: refusal.results[part] for part in parts if part in refusal.results}
    tests = refusal.results.get("tests")
    if isinstance(tests, list):  # the rules may have changed since
        kept["tests"] = [{**test, "visibility": visibility} for test in tests if isinstance(test, dict)]
    return {**_frame(refusal.score, f"<p>{says}</p>", visibility), **kept}


def _frame(points: float, output: str, visibility: Visibility) -> dict[str, Any]:
    shown = {"output": output, "output_format": "html"} if output else {}
    return {"score": points, "visibility": visibility, "stdout_visibility": Visibility.HIDDEN, **shown}


def _test(task: TaskScore, report: Report, number: int, visibility: Visibility) -> dict[str, Any]:
    """One test. Without `score` and `status` where it is read by people."""
    test: dict[str, Any] = {
        "name": task.title,
        "number": str(number),
        "max_score": task.max_score,
        "visibility": visibility,
        "output": task_html(task, report),
        "output_format": "html",
        "extra_data": {"task": task.task, "open_points": task.open_points},
    }
    if task.score is not None:
        complete = task.score + task.open_points >= task.max_score
        test |= {"score": task.score, "status": "passed" if complete else "failed"}
    return test


def _leaderboard(report: Report, assignment: Assignment) -> list[dict[str, Any]]:
    """The speed of each task against the course's own code, then the score."""
    rows: list[dict[str, Any]] = []
    for task in assignment.tasks:
        if _SPEED not in task.weights:
            continue
        ratios = [r.timing.ratio for r in report.results if r.task == task.id and r.timing is not None]
        best = round(max(ratios), 3) if ratios else 0.0
        rows.append({"name": f"{task.title}: speed, course's own 1", "value": best, "order": "desc"})
    return [*rows, {"name": "Points", "value": round(report.score or 0.0, 2), "order": "desc"}]


def _extra(report: Report) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "student": report.student,
        "assignment": report.assignment,
        "status": report.status,
        "tier": report.tier,
        "late_days": report.late_days,
        "penalty": report.penalty,
        "open_points": report.open_points,
        "submission_sha256": report.submission_sha256,
        "graded_at": report.graded_at,
        "environment": dict(report.environment),
    }
