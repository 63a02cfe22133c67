"""Matches reports with the rows of a gradebook, without guessing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import AutograderError
from ..model import Report
from .table import Row, Table

_NUMBERED = re.compile(r"(?P<name>.+?) \(?(?P<number>\d+)\)?")


@dataclass(frozen=True)
class Person:
    """A row of a gradebook."""

    row: Row
    name: str  # as people read it
    identities: frozenset[str]  # by any of these, as they are compared, the student may be known


@dataclass(frozen=True)
class Matched:
    """What belongs together, and what is left over."""

    pairs: list[tuple[Person, Report]]  # in the gradebook's order
    without_row: list[Report]
    without_report: list[Person]


def plain(text: str) -> str:
    """A text in the form in which names are compared: composed Unicode, single spaces, no upper case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def spellings(name: str) -> frozenset[str]:
    """How "Doe, Jane" may be written: also "Jane Doe", and "doejane" as in Canvas's downloads."""
    last, comma, first = name.partition(",")
    names = {plain(name), plain(f"{first} {last}")} if comma else {plain(name)}
    words = name.split()
    if not comma and len(words) > 1:
        names.add(plain(f"{words[-1]}, {' '.join(words[:-1])}"))
        names.add(_squeezed(f"{words[-1]}{''.join(words[:-1])}"))
    return frozenset(names | {_squeezed(name)}) - {""}


def _squeezed(name: str) -> str:
    return "".join(char for char in plain(name) if char.isalnum())


def match(table: Table, people: Sequence[Person], reports: Iterable[Report]) -> Matched:
    """Find the row of each report, by any of the names and numbers in it.

    Raises AutograderError where a student could be more than one row, be it by different identities, or
    two reports are one row's.
    """
    index: dict[str, set[int]] = defaultdict(set)
    for at, person in enumerate(people):
        for identity in person.identities:
            index[identity].add(at)
    matched: dict[int, Report] = {}
    without_row: list[Report] = []
    for report in reports:
        places = sorted(_places(index, report.student))
        if len(places) > 1:
            raise _ambiguous(table, [people[at] for at in places], report.student)
        if not places:
            without_row.append(report)
        elif places[0] in matched:
            person, other = people[places[0]], matched[places[0]]
            raise AutograderError(
                f"{table.at(person.row)}: {person.name} is both {other.student} and {report.student}; "
                "keep one of the two results"
            )
        else:
            matched[places[0]] = report
    rest = [person for at, person in enumerate(people) if at not in matched]
    return Matched([(people[at], matched[at]) for at in sorted(matched)], without_row, rest)


def _places(index: Mapping[str, set[int]], student: str) -> set[int]:
    """Who may be the student."""
    if places := index.get(plain(student)):
        return places
    # Of several students of one name intake tells the platform's number too.
    numbered = _NUMBERED.fullmatch(student)
    if numbered is None:
        return set()
    return index.get(plain(numbered["name"]), set()) & index.get(numbered["number"], set())


def _ambiguous(table: Table, people: Sequence[Person], student: str) -> AutograderError:
    lines = " and ".join(str(person.row.line) for person in people)
    return AutograderError(
        f"{table.path}, lines {lines}: {student} may be any of these; name that student's hand-in "
        "by an identity which only one of them has"
    )
