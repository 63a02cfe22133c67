"""What is written of one student and of a class, whatever raises while it is made.

A report that cannot be drawn costs its own page, and leaves a note for staff; all others are as always.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..model import Report
from ..report import class_page, gradebook, staff_notes, student_page
from ..report.brief import brief_page

_DETAIL_CHARS = 4_000
_NOT_SHOWN = "this result could not be shown; grade this hand-in again with --again"


def page_of(report: Report) -> tuple[str, str]:
    """A student's page; and why it is the short one, empty where it is not."""
    try:
        return student_page(report), ""
    except Exception as error:
        return brief_page(report), told("page", error)


def notes_of(report: Report) -> tuple[str, str]:
    """Notes for staff; and why there are none, empty where that has no reason."""
    try:
        return staff_notes(report), ""
    except Exception as error:
        return "", told("notes", error)


def class_page_of(reports: Sequence[Report], title: str) -> str:
    """The page of a class, with a row for everybody."""
    return _of_all(lambda some: class_page(some, title), reports)


def gradebook_of(reports: Sequence[Report]) -> str:
    """The gradebook, with a row for everybody."""
    return _of_all(gradebook, reports)


def stand_in(report: Report, reason: str) -> Report:
    """A report of the same student that says nothing but that there is no score, and why."""
    known = isinstance(report.max_score, float | int) and math.isfinite(report.max_score)
    return replace(
        report,
        score=None,
        max_score=report.max_score if known else 0.0,
        open_points=0.0,
        tasks=(),
        results=(),
        notes=(),
        status="internal",
        reason=reason,
        late_days=0,
        penalty=0.0,
        duration_s=0.0,
        environment={},
    )


def told(what: str, error: Exception) -> str:
    """That a file could not be made, and why; the first line says enough for a terminal."""
    text = "".join(traceback.format_exception(error))
    return f"the {what} could not be made ({type(error).__name__})\n{text[-_DETAIL_CHARS:]}"


def _of_all(make: Callable[[Sequence[Report]], str], reports: Sequence[Report]) -> str:
    if _works(make, reports):
        return make(reports)
    shown = [report if _works(make, (report,)) else stand_in(report, _NOT_SHOWN) for report in reports]
    return make(shown if _works(make, shown) else [stand_in(report, _NOT_SHOWN) for report in reports])


def _works(make: Callable[[Sequence[Report]], str], reports: Sequence[Report]) -> bool:
    try:
        make(reports)
    except Exception:
        return False
    return True
