"""Autolab: the line of JSON that a grader prints last."""

from __future__ import annotations

import json

from ..model import Report
from .summary import task_lines


def feedback(report: Report) -> str:
    """What failed, then scores by task in one line. Nothing of a student's own prints is in it."""
    says = [] if report.status == "graded" else [f"{report.status}: {report.reason or ''}"]
    for task in report.tasks:
        says += [task.title, *(f"  {line}" for line in task_lines(task, report))]
    scores = {task.task: task.score or 0.0 for task in report.tasks}
    return "\n".join([*says, json.dumps({"scores": scores})]) + "\n"
