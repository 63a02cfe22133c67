"""The lines about a task that other tools show to students beside its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Report, TaskScore, TestResult, Verdict
from ..report import for_students
from ..report.words import badge_words, count, sentence, test_words

_MOST = 20  # tests told of one task


def task_lines(task: TaskScore, report: Report) -> list[str]:
    """A short account of a task: how many tests passed, the likely mistake, and what the others lack.

    `report` must be one for students (`disclosed.for_students`).
    """
    results = [result for result in report.results if result.task == task.task]
    lost = [result for result in results if result.verdict is not Verdict.PASSED]
    lines = [*_counted(results, count(len(results), "test")), *_mistake(task)]
    for result in lost[:_MOST]:
        words, case = test_words(result.id)
        said = sentence(result.verdict, result.message)
        lines.append(f"{f'{words} {case}'.strip()}: {badge_words(result.verdict)[0]}: {said}")
    return [*lines, f"{len(lost) - _MOST} more"] if len(lost) > _MOST else lines


def notebook_lines(report: Report, task_id: str) -> list[str]:
    """What a notebook's cell says of a task: the same, with every test by its name."""
    report = for_students(report)
    if report.reason:
        return [report.reason]
    results = [result for result in report.results if result.task == task_id]
    lines = [*_counted(results, f"{len(results)} hidden tests")]
    for task in report.tasks:
        lines += _mistake(task) if task.task == task_id else []
    return lines + [
        f"{result.id.partition('::')[2]}: {result.verdict} {result.message}".rstrip()
        for result in results
        if result.verdict is not Verdict.PASSED or result.idle
    ]


def _counted(results: Sequence[TestResult], tests: str) -> Iterator[str]:
    passed = sum(result.verdict is Verdict.PASSED for result in results)
    yield f"{passed} of {tests} passed"


def _mistake(task: TaskScore) -> Iterator[str]:
    if task.diagnosis:
        yield f"the likely mistake: {task.diagnosis.says}"
