"""`dlc export nbgrader-gradebook`: scores and comments for nbgrader's database, by nbgrader's own API."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from ..errors import AutograderError
from ..model import Report
from .feedback import lines
from .nbgrader import TEST

_WAIT_S = 2.0  # for another process that writes


class GradebookError(AutograderError):
    """A gradebook of nbgrader cannot be used."""


def write_gradebook(reports: Iterable[Report], path: Path) -> int:
    """Put scores and comments into the gradebook.db that nbgrader made of our export; how many students.

    Everything is written or nothing: it is done on a copy, which then becomes the database's content in one
    transaction, so that a formgrader that has it open sees it. Raises GradebookError.
    """
    api = _api()
    if not path.is_file():
        raise GradebookError(f"{path}: no such file; `nbgrader generate_assignment` makes it")
    with tempfile.TemporaryDirectory() as folder, closing(_locked(path)) as original:
        draft = Path(folder) / "gradebook.db"
        with closing(sqlite3.connect(draft)) as copy, closing(_open(path)) as content:
            content.backup(copy)
        graded = [report for report in reports if report.score is not None]
        _fill(api, graded, draft, path)
        original.rollback()
        with closing(sqlite3.connect(draft)) as copy:
            _store(copy, original, path)
    return len(graded)


def _api() -> Any:
    try:
        from nbgrader import api
    except ImportError as error:
        way_out = "pip install deep-learning-clinic[nbgrader]"
        raise GradebookError(f"nbgrader is not installed beside dlc; install the extra: {way_out}") from error
    return api


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)


def _locked(path: Path) -> sqlite3.Connection:
    """The database, which nobody else can write until it is closed."""
    connection = _open(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM submitted_assignment")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise GradebookError(_why(path, error)) from error
    return connection


def _why(path: Path, error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return f"{path}: another process is writing to it; close nbgrader or formgrader and try again"
    return f"{path}: is no gradebook of nbgrader ({error}); name the gradebook.db of the course"


def _store(copy: sqlite3.Connection, original: sqlite3.Connection, path: Path) -> None:
    try:
        copy.backup(original)
    except sqlite3.Error as error:
        raise GradebookError(_why(path, error)) from error


def _fill(api: Any, reports: list[Report], draft: Path, path: Path) -> None:
    with warnings.catch_warnings(), api.Gradebook(f"sqlite:///{draft}") as book:
        warnings.simplefilter("ignore")  # nbgrader's own models make SQLAlchemy warn
        for report in reports:
            try:
                _add(book, report)
            except api.MissingEntry as error:
                raise GradebookError(
                    f"{path}: has no cells of {report.assignment} as exported; first run "
                    f"`nbgrader generate_assignment {report.assignment}` on `dlc export nbgrader`"
                ) from error


def _add(book: Any, report: Report) -> None:
    name = report.assignment
    book.find_grade_cell(f"{TEST}{report.tasks[0].task}", name, name)  # raises before anything is added
    book.update_or_create_student(report.student)
    book.update_or_create_submission(name, report.student)
    for task in report.tasks:
        if task.score is None:
            continue
        grade = book.find_grade(f"{TEST}{task.task}", name, name, report.student)
        grade.auto_score, grade.needs_manual_grade = task.score, grade.manual_score is not None
        comment = book.find_comment(task.task, name, name, report.student)
        comment.auto_comment = "\n".join(lines(report, task.task))
    book.db.commit()
