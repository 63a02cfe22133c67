"""A task's outcome in lines that a student may read."""

from __future__ import annotations

from ..model import Report, Verdict


def lines(report: Report, task_id: str) -> list[str]:
    """One line for each test that was not passed, after how many were."""
    if report.reason:
        return [report.reason]
    results = [result for result in report.results if result.task == task_id]
    passed = [result for result in results if result.verdict is Verdict.PASSED]
    told = [f"{len(passed)} of {len(results)} hidden tests passed"]
    for result in results:
        if result.verdict is not Verdict.PASSED:
            told.append(f"{result.id.partition('::')[2]}: {result.verdict} {result.message}".rstrip())
    return told
