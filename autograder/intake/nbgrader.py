"""Who handed in what, and when, in nbgrader's folders: `submitted/` and the exchange's `inbound/`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..errors import AutograderError
from ..text import shown
from .files import open_regular

_STAMP = "timestamp.txt"
_SUBMITTED = "submitted"
_INBOUND = re.compile(  # its last part is random, and may be missing
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+"
    r"(?P<when>[^+]*\d\s*\+\d\d:?\d\d|[^+]*\d[^+]*)(?:\+[\w=-]+)?"
)
_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)?\s*(?P<offset>[+-]\d\d:?\d\d)?$", re.IGNORECASE)
_NOTEBOOK = 1 << 20  # bytes of one that are looked at
_LONGEST = 100  # characters of a time stamp that are read


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A hand-in in one of nbgrader's folders."""

    student: str
    folder: Path
    received_at: datetime | None
    notes: tuple[str, ...] = ()  # on a time that cannot be read


def nbgrader_folders(path: Path, assignment: str) -> list[Exchanged]:
    """Every student's hand-in of an assignment; of several the last one.

    Nothing where `path` is no folder of nbgrader's. Raises AutograderError where it is one, and holds
    hand-ins of other assignments alone.
    """
    folders = sorted(_folders(path))
    inbound = [(match, folder) for folder in folders if (match := _INBOUND.fullmatch(folder.name))]
    if inbound:
        _require(path, assignment, {match["assignment"] for match, _ in inbound})
        return _latest([(match, path) for match, path in inbound if match["assignment"] == assignment])
    own = [folder / assignment for folder in folders if (folder / assignment).is_dir()]
    if any((folder / _STAMP).is_file() or any(folder.glob("*.ipynb")) for folder in own):
        return [Exchanged(folder.parent.name, folder, *received_at(folder)) for folder in own]
    inner = [] if own else [entry for folder in folders for entry in _folders(folder)]
    others = {folder.name for folder in inner if (folder / _STAMP).is_file()}
    if path.name == _SUBMITTED:
        others |= {folder.name for folder in inner if any(map(_is_released, folder.glob("*.ipynb")))}
    if others:
        _require(path, assignment, others)
    return []


def received_at(folder: Path) -> tuple[datetime | None, tuple[str, ...]]:
    """The time in `timestamp.txt`, "2015-02-02 14:58:23.948203 UTC", and a note where it cannot be read."""
    path = folder / _STAMP
    if path.is_symlink() or not path.is_file():
        return None, ()
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LONGEST).strip()
    except OSError as error:
        return None, (f"{_STAMP}: cannot be read ({error.strerror}); whether it is late is not known",)
    return _moment(text), _doubt(text, _STAMP)


def _folders(path: Path) -> list[Path]:
    return [entry for entry in path.iterdir() if entry.is_dir() and not entry.is_symlink()]


def _is_released(notebook: Path) -> bool:
    """Whether a notebook has cells of nbgrader's."""
    try:
        with open_regular(notebook) as stream:
            return b'"nbgrader"' in stream.read(_NOTEBOOK)
    except OSError:
        return False


def _require(path: Path, assignment: str, assignments: Iterable[str]) -> None:
    if assignment not in assignments:
        names = ", ".join(map(shown, sorted(assignments)))
        raise AutograderError(
            f"{path}: holds hand-ins of {names} in nbgrader's folders, and none of {assignment}; "
            "name the assignment as nbgrader does, or another folder"
        )


def _latest(inbound: Sequence[tuple[re.Match[str], Path]]) -> list[Exchanged]:
    """Of each student the hand-in received last; the name of a folder tells when its file does not."""
    every: dict[str, list[Exchanged]] = defaultdict(list)
    for match, folder in inbound:
        when, notes = received_at(folder)
        if when is None:
            when = _moment(match["when"])
            notes = () if when else notes or _doubt(match["when"], folder.name)
        every[match["student"]].append(Exchanged(match["student"], folder, when, notes))
    never = datetime.min.replace(tzinfo=UTC)
    return [
        max(every[student], key=lambda exchanged: (exchanged.received_at or never, exchanged.folder))
        for student in sorted(every)
    ]


def _moment(text: str) -> datetime | None:
    """A time with its offset; UTC where it states none, and nothing for names of other zones."""
    try:
        moment = datetime.fromisoformat(_ZONE.sub(r"\g<offset>", text.strip(), count=1))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _doubt(text: str, where: str) -> tuple[str, ...]:
    if _moment(text):
        return ()
    return (
        f"{shown(where)}: {shown(text)!r} is no time with an offset (+0100) or UTC; "
        "whether it is late is not known",
    )
