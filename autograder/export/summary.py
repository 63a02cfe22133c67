"""What a student is told of a task, as plain lines."""

from __future__ import annotations

from ..model import Report, TaskScore, Verdict
from ..report.words import badge_words, count, sentence, test_words

_MOST = 20  # tests told of one task


def task_lines(task: TaskScore, report: Report) -> list[str]:
    """How many tests passed, the likely mistake, and what the others lack."""
    results = [result for result in report.results if result.task == task.task]
    lost = [result for result in results if result.verdict is not Verdict.PASSED]
    lines = [f"{len(results) - len(lost)} of {count(len(results), 'test')} passed"]
    if task.diagnosis:
        lines.append(f"the likely mistake: {task.diagnosis.says}")
    for each in lost[:_MOST]:
        words, case = test_words(each.id)
        said = sentence(each.verdict, each.message)
        lines.append(f"{f'{words} {case}'.strip()}: {badge_words(each.verdict)[0]}: {said}")
    return [*lines, f"{len(lost) - _MOST} more"] if len(lost) > _MOST else lines
