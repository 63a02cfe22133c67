"""Moodle: grades to import into the gradebook, and the filled offline grading worksheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import AutograderError
from ..model import Report
from ..report import for_students
from ..report.words import points
from ..text import cell, foreign_cell
from .people import Matched, Person, match, plain, spellings
from .table import Row, Table, read_table

# Moodle writes and reads headings in the language that it is shown in.
_PEOPLE_HINT = (
    "set Moodle's language to English and download the participants or the grader report as CSV, with user "
    "name or e-mail address"
)
_SHEET_HINT = (
    "set Moodle's language to English, download the grading worksheet of the assignment and name that file"
)
_USER, _EMAIL = ("username", "user name"), ("email address", "email", "e-mail address")
_KNOWN_BY = {"username": _USER, "email address": _EMAIL}
_NAME, _NUMBER = ("full name", "fullname", "name"), ("id number", "idnumber", "id")


@dataclass(frozen=True)
class Written:
    """A file for Moodle, and what an instructor has to know of it."""

    text: str
    matched: Matched
    kept: list[str]  # sentences on students who get no grade by it


def grades_for_moodle(path: Path, reports: Sequence[Report], *, skip_unknown: bool = False) -> Written:
    """A CSV to import into the gradebook: user name, e-mail address, score, feedback.

    `path` is a list of Moodle's users. Moodle knows them by one column, and gives up an import as a whole
    where it does not know one; so a report without a cell there is refused here, unless it may be skipped,
    and a column with gaps is not written. Raises AutograderError.
    """
    table = read_table(path, _PEOPLE_HINT)
    columns = {name: at for name, names in _KNOWN_BY.items() if (at := table.find(*names)) is not None}
    if not columns:
        table.need("email address", _PEOPLE_HINT)
    matched = match(table, [_person(table, row) for row in table.rows], reports)
    fullest = max(columns.values(), key=lambda at: len(_having(matched, at).pairs))
    matched = _having(matched, fullest)
    if matched.without_row and not skip_unknown:
        names = ", ".join(report.student for report in matched.without_row)
        raise AutograderError(
            f"{path}: has no {table.header[fullest]!r} of {names}; Moodle would refuse the whole import: add "
            "it there, or leave them out by --skip-unknown"
        )
    complete = {name: at for name, at in columns.items() if _having(matched, at) == matched}
    title = reports[0].title
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(map(cell, [*complete, title, f"{title} (feedback)"]))
    kept = []
    for person, report in matched.pairs:
        if report.score is None:
            kept.append(f"{report.student}: has no score, since grading failed; left out")
            continue
        ids = [foreign_cell(person.row.text(at)) for at in complete.values()]
        writer.writerow([*ids, f"{report.score:.2f}", cell(feedback(report))])
    return Written(buffer.getvalue(), matched, kept)


def _having(matched: Matched, column: int) -> Matched:
    """What is matched, a report whose row has an empty cell in a column being without a row."""
    pairs = [pair for pair in matched.pairs if pair[0].row.text(column)]
    lacking = [report for person, report in matched.pairs if not person.row.text(column)]
    return replace(matched, pairs=pairs, without_row=[*matched.without_row, *lacking])


def fill_worksheet(path: Path, reports: Sequence[Report]) -> Written:
    """The offline grading worksheet with grades and feedback.

    A row that Moodle has locked, and one without report, stays. Raises AutograderError where it is no
    worksheet, or its largest grade is not that of the reports.
    """
    table = read_table(path, _SHEET_HINT)
    for name in ("Identifier", "Grade", "Last modified (grade)"):
        table.need(name, _SHEET_HINT)
    matched = match(table, [_person(table, row) for row in table.rows], reports)
    filled, kept = dict[int, Row](), []
    for person, report in matched.pairs:
        why = _locked(table, person.row, report)
        if why:
            kept.append(f"{table.at(person.row)}: {person.name}: {why}")
        else:
            filled[person.row.line] = _graded(table, person.row, report)
    rows = [filled.get(row.line, row) for row in table.rows]
    # Moodle reads a worksheet with commas alone; a spreadsheet may have saved it with others.
    return Written(replace(table, rows=rows, delimiter=",").text(), matched, kept)


def feedback(report: Report) -> str:
    """A report in a line: points of each task, and what is known to be wrong."""
    report = for_students(report)
    if report.status != "graded":
        return f"{report.status}: {report.reason or ''}".rstrip(": ")
    parts = [_task(task.title, task.score, task.max_score) for task in report.tasks]
    if report.late_days:
        parts.append(f"late by {report.late_days} days: −{points(report.penalty)}")
    parts += [f"{task.title}: {task.diagnosis.says}" for task in report.tasks if task.diagnosis]
    return "; ".join(parts)


def _task(title: str, score: float | None, most: float) -> str:
    return f"{title} {points(score)}/{points(most)}"


def _person(table: Table, row: Row) -> Person:
    first, last = (row.text(table.find(name)) for name in ("First name", "Last name"))
    last = last or row.text(table.find("Surname"))
    name = row.text(table.find(*_NAME)) or f"{first} {last}".strip()
    number = re.sub(r"\D", "", row.text(table.find("Identifier")))
    ids = [row.text(table.find(*names)) for names in (_EMAIL, _USER, _NUMBER)]
    keys = {plain(name) for name in (number, *ids)} - {""}
    both = spellings(name) | (spellings(f"{last}, {first}") if first and last else frozenset())
    return Person(row, name or ids[0] or ids[1], both | keys)


def _locked(table: Table, row: Row, report: Report) -> str:
    if report.score is None:
        return "has no score, since grading failed; left as it is"
    if row.text(table.find("Grade can be changed")).casefold() == "no":
        return "Moodle lets nobody change this grade; left as it is"
    most = row.text(table.find("Maximum grade")).replace(",", ".")
    if most and _number(most) != report.max_score:
        raise AutograderError(
            f"{table.at(row)}: the largest grade there is {most}, of the reports {report.max_score:g}; "
            "set it to that in the assignment's settings in Moodle and download the worksheet again"
        )
    return ""


def _number(text: str) -> float | None:
    """The number that a text is; None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None


def _graded(table: Table, row: Row, report: Report) -> Row:
    values = {table.find("Grade"): f"{report.score:.2f}"}
    comments = table.find("Feedback comments")
    if comments is not None:
        values[comments] = cell(feedback(report))
    return Row(row.line, [values.get(at, value) for at, value in enumerate(row.cells)])
