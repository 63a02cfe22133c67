"""Who of a gradebook is who of the reports, without guessing."""

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
    identities: Sequence[frozenset[str]]  # strongest first; by any of a set the student may be known


@dataclass(frozen=True)
class Matched:
    """What belongs together, and what is left over."""

    pairs: list[tuple[Person, Report]]  # in the gradebook's order
    without_row: list[Report]
    without_report: list[Person]


def plain(text: str) -> str:
    """A text as it is compared: composed, one space, no case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def spellings(name: str) -> frozenset[str]:
    """How "Doe, Jane" may be written: also "Jane Doe", and "doejane" as in Canvas's downloads."""
    last, comma, first = name.partition(",")
    found = {plain(name), plain(f"{first} {last}")} if comma else {plain(name)}
    words = name.split()
    if not comma and len(words) > 1:
        found.add(plain(f"{words[-1]}, {' '.join(words[:-1])}"))
        found.add(_squeezed(f"{words[-1]}{''.join(words[:-1])}"))
    return frozenset(found | {_squeezed(name)}) - {""}


def _squeezed(name: str) -> str:
    return "".join(char for char in plain(name) if char.isalnum())


def match(table: Table, people: Sequence[Person], reports: Iterable[Report]) -> Matched:
    """Each report with its row, by the strongest identity that anybody has.

    Raises AutograderError where a student could be more than one row, or two reports are one row's.
    """
    indices = [_index(people, rank) for rank in range(max((len(p.identities) for p in people), default=0))]
    found: dict[int, Report] = {}
    without_row: list[Report] = []
    for report in reports:
        at = _place(table, people, indices, report.student)
        if at is None:
            without_row.append(report)
        elif at in found:
            raise AutograderError(
                f"{table.at(people[at].row)}: {people[at].name} is both {found[at].student} and "
                f"{report.student}; keep one of the two results"
            )
        else:
            found[at] = report
    rest = [person for at, person in enumerate(people) if at not in found]
    return Matched([(people[at], found[at]) for at in sorted(found)], without_row, rest)


def _index(people: Sequence[Person], rank: int) -> Mapping[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, person in enumerate(people):
        for key in person.identities[rank] if rank < len(person.identities) else ():
            index[key].append(at)
    return index


def _place(
    table: Table, people: Sequence[Person], indices: Sequence[Mapping[str, list[int]]], student: str
) -> int | None:
    for index in indices:
        places = index.get(plain(student), [])
        if len(places) > 1:
            lines = " and ".join(str(people[at].row.line) for at in places)
            raise AutograderError(
                f"{table.path}, lines {lines}: {student} may be any of these; name that student's hand-in "
                "by an identity which only one of them has"
            )
        if places:
            return places[0]
    # Of several students of one name intake tells the platform's number too.
    numbered = _NUMBERED.fullmatch(student)
    if numbered is None:
        return None
    by_number = {at for index in indices for at in index.get(numbered["number"], ())}
    by_name = {at for index in indices for at in index.get(plain(numbered["name"]), ())}
    both = by_number & by_name
    return both.pop() if len(both) == 1 else None
