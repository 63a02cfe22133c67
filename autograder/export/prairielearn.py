"""PrairieLearn: what an external grader leaves in /grade/results/results.json."""

from __future__ import annotations

from typing import Any

from ..model import Report, TaskScore
from ..report import for_students
from .feedback import task_lines


def result(report: Report) -> dict[str, Any]:
    """One test for each task; the score is a share of 1. What could not be read uses no attempt."""
    report = for_students(report)
    if report.status == "unreadable":
        return {"gradable": False, "format_errors": [report.reason or "could not be read"]}
    if report.score is None:
        return {"gradable": False, "format_errors": ["grading failed on our side; staff have been told"]}
    share = report.score / report.max_score if report.max_score else 0.0
    return {
        "gradable": True,
        "score": min(1.0, max(0.0, share)),
        "output": "\n".join(report.notes),
        "tests": [_test(task, report) for task in report.tasks],
    }


def _test(task: TaskScore, report: Report) -> dict[str, Any]:
    # Where one test lacks its points, PrairieLearn shows none at all.
    return {
        "name": task.title,
        "points": task.score or 0.0,
        "max_points": task.max_score,
        "output": "\n".join(task_lines(task, report)),
    }
