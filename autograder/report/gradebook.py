"""The gradebook as CSV, for spreadsheets and for other systems."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..model import Report
from ..text import cell
from .files import write_atomically

_REASON_CHARS = 4_000
_FIRST = ("student",)
_LAST = ("score", "max_score", "status", "reason", "late_days", "penalty", "tier")


def write_gradebook(reports: Iterable[Report], path: Path) -> None:
    """One row per student: points per task, score, status, reason, lateness, tier.

    An unreadable hand-in has score 0 and a reason; one that we failed to grade has an empty score. Text
    that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    write_atomically(path, gradebook(tuple(reports)))


def gradebook(reports: Sequence[Report]) -> str:
    """Text of the gradebook, lines ended as RFC 4180 says."""
    tasks = _tasks(reports)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(cell, columns(reports)))
    for report in reports:
        writer.writerow(_row(report, tasks))
    return buffer.getvalue()


def columns(reports: Sequence[Report]) -> list[str]:
    """Headings of the gradebook: the student, each task, and what is known of the whole."""
    return [*_FIRST, *_tasks(reports), *_LAST]


def _tasks(reports: Sequence[Report]) -> list[str]:
    return list(dict.fromkeys(task.task for report in reports for task in report.tasks))


def _row(report: Report, tasks: list[str]) -> list[str]:
    scores = {task.task: task.score for task in report.tasks}
    return [
        cell(report.student),
        *(_points(scores.get(task)) for task in tasks),
        _points(report.score),
        _points(report.max_score),
        report.status,
        cell((report.reason or "")[:_REASON_CHARS]),
        str(report.late_days),
        _points(report.penalty),
        str(report.tier),
    ]


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:.10g}"
