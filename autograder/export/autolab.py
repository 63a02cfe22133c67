"""Autolab: the line of JSON that a grader prints last."""

from __future__ import annotations

import json

from ..model import Report
from ..report import for_students
from .feedback import task_lines


def feedback(report: Report) -> str:
    """What failed, then scores by task in one line, without those that people give.

    Nothing of a student's own prints is in it. A report that failed on our side has no scores: Autolab
    would take that for zero, so it must not be given to it.
    """
    report = for_students(report)
    says = [] if report.status == "graded" else [f"{report.status}: {report.reason or ''}"]
    for task in report.tasks:
        says += [task.title, *(f"  {line}" for line in task_lines(task, report))]
    scores = {task.task: task.score for task in report.tasks if task.score is not None}
    return "\n".join([*says, json.dumps({"scores": scores})]) + "\n"
