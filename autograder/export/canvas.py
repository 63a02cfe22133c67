"""Canvas: one column of the instructor's own gradebook export, filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import AutograderError
from ..model import Report
from .people import Matched, Person, match, plain, spellings
from .table import Row, Table, read_table

_HINT = "export the gradebook from Canvas (Grades, Export) and name that file"
_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)", re.DOTALL)
_IDENTITIES = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_EXCUSED = "EX"
_HEAD_ROWS = ("points possible", "manual posting")
_TEST_STUDENT = "student, test"


@dataclass(frozen=True)
class Filled:
    """The gradebook with its column, and what an instructor has to know of it."""

    table: Table
    column: str
    matched: Matched
    kept: list[str]  # sentences on cells that were left as they are
    remarks: list[str]  # sentences on the column


def fill_canvas(path: Path, reports: Sequence[Report], assignment: str | None) -> Filled:
    """Fill the column of an assignment ("Title (id)", or its title) in an export of Canvas.

    Scores have two decimals; EX stays; a student without report, or whose grading failed, keeps the cell.
    Raises AutograderError where the file is no such export, the column is not there or not the only one,
    or a student cannot be told from another.
    """
    table = read_table(path, _HINT)
    if "student" not in plain(table.header[0]):
        raise AutograderError(f"{path}, line 1: starts with {table.header[0]!r}, not with 'Student'; {_HINT}")
    table.need("ID", _HINT)
    column = _column(table, reports[0], assignment)
    heads, people = _people(table)
    matched = match(table, people, reports)
    scores, kept = {}, []
    for person, report in matched.pairs:
        why = _kept(person.row.cells[column], report)
        if why:
            kept.append(f"{table.at(person.row)}: {person.name}: {why}")
        else:
            scores[person.row.line] = f"{report.score:.2f}"
    rows = [_with(row, column, scores.get(row.line)) for row in table.rows]
    filled = replace(table, rows=rows)
    return Filled(filled, table.header[column], matched, kept, _remarks(heads, column, reports))


def _with(row: Row, column: int, score: str | None) -> Row:
    if score is None:
        return row
    return Row(row.line, [score if at == column else cell for at, cell in enumerate(row.cells)])


def _kept(cell: str, report: Report) -> str:
    if cell.strip().upper() == _EXCUSED:
        return "is excused (EX); left so"
    return "has no score, since grading failed; left as it is" if report.score is None else ""


def _column(table: Table, report: Report, wanted: str | None) -> int:
    columns = {
        at: column for at, name in enumerate(table.header) if (column := _ASSIGNMENT.fullmatch(name.strip()))
    }
    offered = ", ".join(repr(column[0]) for column in columns.values()) or "none"
    if wanted is None:
        names = {plain(report.title), plain(report.assignment)}
        hits = [at for at, column in columns.items() if plain(column["title"]) in names]
        what = f"named {report.title!r} or {report.assignment!r}"
    else:
        hits = [
            at
            for at, column in columns.items()
            if plain(wanted) in (plain(column[0]), plain(column["title"]))
        ]
        what = f"named {wanted!r}"
    if len(hits) != 1:
        count = "more than one column" if hits else "no column of an assignment"
        raise AutograderError(
            f"{table.path}, line 1: has {count} {what}; choose by --assignment from: {offered}"
        )
    return hits[0]


def _people(table: Table) -> tuple[list[Row], list[Person]]:
    """The rows about columns, and those about students."""
    identities = [at for name in _IDENTITIES if (at := table.find(name)) is not None]
    heads, people, seen = [], [], dict[str, Row]()
    for row in table.rows:
        name, number = row.text(0), row.text(identities[0])
        if plain(name) in _HEAD_ROWS or not (number or name):
            heads.append(row)
            continue
        if number and number in seen:
            raise AutograderError(
                f"{table.at(row)}: ID {number} stands on line {seen[number].line} too; {_HINT}"
            )
        seen[number] = row
        keys = {plain(row.text(at)) for at in identities} - {""}
        people.append(Person(row, name, spellings(name) | keys))
    return heads, [person for person in people if plain(person.name) != _TEST_STUDENT]


def _remarks(heads: Iterable[Row], column: int, reports: Sequence[Report]) -> list[str]:
    points = next((row.cells[column] for row in heads if plain(row.cells[0]) == "points possible"), "")
    try:
        possible = float(points)
    except ValueError:
        return []
    if possible == reports[0].max_score:
        return []
    return [
        f"Canvas counts this assignment with {possible:g} points, the reports with {reports[0].max_score:g}"
    ]
