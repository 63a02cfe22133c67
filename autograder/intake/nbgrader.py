"""Who handed in what, and when, in nbgrader's folders: `submitted/` and the exchange's `inbound/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_STAMP = "timestamp.txt"
_INBOUND = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>[^+]+)\+[^+]+")
_FORMATS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S")
_LONGEST = 100  # characters of a time stamp that are read


def nbgrader_folders(path: Path, assignment: str) -> Iterator[tuple[str, Path, datetime | None]]:
    """(student, folder of the hand-in, when) for every hand-in of an assignment; of several the last one.

    Nothing where `path` is no folder of nbgrader's.
    """
    folders = sorted(each for each in path.iterdir() if each.is_dir() and not each.is_symlink())
    inbound = [(found, each) for each in folders if (found := _INBOUND.fullmatch(each.name))]
    if inbound:
        latest: dict[str, tuple[datetime, Path]] = {}
        for found, folder in inbound:
            when = received_at(folder) or _moment(found["when"]) or datetime.min.replace(tzinfo=UTC)
            if found["assignment"] == assignment:
                latest[found["student"]] = max(latest.get(found["student"], (when, folder)), (when, folder))
        yield from ((student, folder, when) for student, (when, folder) in sorted(latest.items()))
        return
    own = [each / assignment for each in folders if (each / assignment).is_dir()]
    if any((folder / _STAMP).is_file() or any(folder.glob("*.ipynb")) for folder in own):
        yield from ((folder.parent.name, folder, received_at(folder)) for folder in own)


def received_at(folder: Path) -> datetime | None:
    """The time that `timestamp.txt` states: "2015-02-02 14:58:23.948203 UTC"; None without a readable one."""
    path = folder / _STAMP
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open(encoding="utf-8") as file:
            return _moment(file.read(_LONGEST))
    except (OSError, ValueError):
        return None


def _moment(text: str) -> datetime | None:
    text = text.strip()
    plain = text.removesuffix("UTC").strip()
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
