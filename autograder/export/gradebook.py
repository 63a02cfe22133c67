"""Scores and comments for nbgrader's database, by nbgrader's own API. Needs nbgrader."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

from ..errors import AutograderError
from ..model import Report
from .autograded import autograded, course_directory, in_place
from .feedback import notebook_lines
from .harmless import harmless
from .nbgrader import TEST

_WAIT_S = 2.0  # for another process that reads or writes
_WAY_OUT = "run `dlc export nbgrader` and `nbgrader generate_assignment` first"


class GradebookError(AutograderError):
    """A gradebook of nbgrader cannot be used."""


def write_gradebook(reports: Iterable[Report], path: Path) -> list[str]:
    """Put scores and comments into the gradebook.db that nbgrader made from our export.

    What was handed in is also written, with its points, to `autograded/` of the course directory that holds
    the gradebook, where formgrader looks for it. The database is changed in one transaction, which locks out
    other writers. If anything fails, nothing has changed.

    Args:
        reports: of one assignment.
        path: the file gradebook.db.

    Returns:
        The students of whom nothing lies in `submitted/`.

    Raises:
        GradebookError: the gradebook cannot be used.
    """
    _require_gradebook(path)
    graded = [report for report in reports if report.score is not None]
    handed_in, directory = {}, course_directory(path.parent)
    with _in_one_sentence(path):
        with api.Gradebook(_url(path), "") as book:  # without the name of a course nothing is written
            for report in graded:
                notebook = book.find_notebook(report.assignment, report.assignment)
                _require_cells(notebook, report, path)
                handed_in[report.student] = autograded(directory, notebook, report)
        files = [hand_in.files for hand_in in handed_in.values() if hand_in is not None]
        with _transaction(path) as (book, transaction):
            for report in graded:
                mine = handed_in[report.student]
                _add(book, report, **({} if mine is None else {"timestamp": mine.submitted_at}))
            with in_place({place: data for own in files for place, data in own.items()}):
                transaction.commit()
    return sorted(student for student, hand_in in handed_in.items() if hand_in is None)


def _require_gradebook(path: Path) -> None:
    """Of any other file nbgrader would make one."""
    if not path.is_file():
        raise GradebookError(f"{path}: no such file; `nbgrader generate_assignment` makes it")
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_S)) as connection:
            connection.execute("SELECT count(*) FROM submitted_assignment")
    except sqlite3.DatabaseError as error:
        raise GradebookError(_why(path, error)) from error


def _why(path: Path, error: BaseException) -> str:
    if "locked" in str(error):
        return f"{path}: another process is using it; close nbgrader or formgrader and try again"
    return f"{path}: is no gradebook of this nbgrader ({error}); name the gradebook.db of the course"


@contextmanager
def _in_one_sentence(path: Path) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own models make SQLAlchemy warn
            yield
    except api.MissingEntry as error:
        raise GradebookError(f"{path}: {error}; {_WAY_OUT}") from error
    except (SQLAlchemyError, api.InvalidEntry) as error:
        raise GradebookError(_why(path, getattr(error, "orig", None) or error)) from error
    except OSError as error:
        raise GradebookError(f"{error.filename}: cannot be read or written ({error.strerror})") from error


def _require_cells(notebook: Any, report: Report, path: Path) -> None:
    """A task of which the notebook has a graded cell of its own name is graded by hand there."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    for task in report.tasks:
        if task.task not in points and points.get(f"{TEST}{task.task}") != task.max_score:
            lacks = f"has no test cell of {task.task} for {task.max_score:g} points"
            raise GradebookError(f"{path}: {lacks}; {_WAY_OUT}")


@contextmanager
def _transaction(path: Path) -> Iterator[tuple[Any, Any]]:
    """Nbgrader's API within one transaction: what it commits is kept as a whole or not at all.

    It may write from the start, so that nobody changes what is read in it.
    """
    options = {"timeout": _WAIT_S, "isolation_level": None}  # the driver begins none of its own
    engine = create_engine(_url(path), poolclass=NullPool, connect_args=options)
    event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN IMMEDIATE"))
    with (
        engine.connect() as connection,
        connection.begin() as transaction,
        api.Gradebook(_url(path), "") as book,
    ):
        book.db = scoped_session(sessionmaker(bind=connection, join_transaction_mode="create_savepoint"))
        yield book, transaction


def _url(path: Path) -> Any:
    return URL.create("sqlite", database=str(path.absolute()))


def _add(book: Any, report: Report, **when: datetime | None) -> None:
    name, student = report.assignment, report.student
    book.update_or_create_student(student)
    book.update_or_create_submission(name, student, **when)
    submitted = book.find_submission_notebook(name, name, student)
    submitted.late_submission_penalty = report.penalty or None
    by_hand = {grade.name for grade in submitted.grades}
    for task in report.tasks:
        if task.score is None or task.task in by_hand:
            continue
        grade = book.find_grade(f"{TEST}{task.task}", name, name, student)
        grade.auto_score, grade.needs_manual_grade = task.score, grade.manual_score is not None
        comment = book.find_comment(task.task, name, name, student)
        comment.auto_comment = harmless("\n".join(notebook_lines(report, task.task)))
    book.db.commit()
