"""Which likely mistakes a student is told, by the assignment's rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..model import Assignment, Report


def hide(report: Report, assignment: Assignment, now: datetime) -> Report:
    """The report without the diagnoses that its student is not to see, now and at this attempt."""
    rules, due = assignment.hints, assignment.due
    early = rules.after_due and due is not None and now <= due
    if early or report.attempt < rules.from_attempt:
        hidden = {task.task for task in report.tasks}
    else:
        hidden = set(rules.without)
    if not any(task.diagnosis for task in report.tasks if task.task in hidden):
        return report
    tasks = (replace(task, diagnosis=None) if task.task in hidden else task for task in report.tasks)
    return replace(report, tasks=tuple(tasks))
