"""A task's outcome in lines that a student may read."""

from __future__ import annotations

from ..model import Report, Verdict
from ..report import for_students


def lines(report: Report, task_id: str) -> list[str]:
    """How many tests were passed, the likely mistake, and one line for each test that was not."""
    report = for_students(report)
    if report.reason:
        return [report.reason]
    results = [result for result in report.results if result.task == task_id]
    passed = [result for result in results if result.verdict is Verdict.PASSED]
    told = [f"{len(passed)} of {len(results)} hidden tests passed"]
    for task in report.tasks:
        if task.task == task_id and task.diagnosis:
            told.append(f"the likely mistake: {task.diagnosis.says}")
    for result in results:
        if result.verdict is not Verdict.PASSED or result.idle:
            told.append(f"{result.id.partition('::')[2]}: {result.verdict} {result.message}".rstrip())
    return told
