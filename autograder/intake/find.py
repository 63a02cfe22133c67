"""Who handed in what: one hand-in, or a class of them, in folders, archives and files."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..errors import AutograderError, SubmissionError
from ..text import shown
from .archive import names, unpack
from .files import Bundle, Caps, open_regular
from .gradescope import METADATA, Upload, read_metadata
from .names import owner_of, platform_owner
from .nbgrader import nbgrader_folders
from .paths import WRONG, is_archive, is_code, is_junk, suffix

_PARTS = frozenset(
    {"src", "source", "test", "tests", "doc", "docs", "data", "notebooks", "scripts", "assets"}
)


@dataclass(frozen=True, slots=True)
class HandIn:
    """Where one student's files lie."""

    student: str  # identity in the gradebook
    path: Path  # folder, archive or file
    members: tuple[str, ...] = ()  # what of `path` is this student's; empty: all of it
    received_at: datetime | None = None  # with time zone
    notes: tuple[str, ...] = ()
    platform_id: str = ""  # the learning platform's number of the student

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where on disk it lies; of a member of an archive, as if that were a folder."""
        return tuple(self.path / member for member in self.members) or (self.path,)


@dataclass(frozen=True, slots=True)
class _Top:
    """What lies at one level of a folder or archive."""

    path: Path
    prefix: str  # folders of the archive that lead here
    folders: tuple[str, ...]
    files: tuple[str, ...]
    links: tuple[str, ...] = ()  # to folders; not followed, and yet what somebody handed in


def find_hand_ins(paths: Iterable[Path], library: str, assignment: str = "") -> list[HandIn]:
    """The hand-ins at some paths, sorted by student.

    A folder with the library or files of code at its top is one hand-in, otherwise a class; so is an
    archive, folders around everything not counted. Files of code beside two or more archives or folders
    that hold the library are hand-ins of a class as these are. Downloads of Gradescope, Canvas and Moodle are
    classes, and so are nbgrader's folders `submitted` and `inbound`, of which the hand-ins of `assignment`
    count. Students of one name get their platform's number, or a number in brackets, and a note.

    Raises AutograderError for a path that does not exist, and for nbgrader's folders of other assignments.
    """
    hand_ins: list[HandIn] = []
    for path in paths:
        if not path.exists():
            raise AutograderError(f"{path}: no such file or folder; name what the student handed in")
        hand_ins += _hand_ins_at(path.resolve(), library, assignment)
    return sorted(_told_apart(hand_ins), key=lambda hand_in: hand_in.student)


def _hand_ins_at(path: Path, library: str, assignment: str) -> Iterable[HandIn]:
    if path.is_dir() and assignment:
        exchanged = [
            HandIn(_identity(taken.student), taken.folder, received_at=taken.received_at, notes=taken.notes)
            for taken in nbgrader_folders(path, assignment)
        ]
        if exchanged:
            return exchanged
    owner = owner_of(path.name)
    notes = ("handed in late, says Canvas",) if owner.late else ()
    alone = HandIn(_identity(owner.student), path, notes=notes, platform_id=owner.id)
    if path.is_dir():
        top = _folder_top(path)
        inner = _folder_top(path / top.folders[0]) if len(top.folders) == 1 and not top.files else top
        if _is_platform_class(inner):
            return _class(inner)
        return [alone] if _is_one(top, library) and not _is_mixed_class(top, library) else _class(top)
    if not is_archive(path.name):
        return [alone]
    try:
        with open_regular(path) as stream:
            top, inside = _archive_top(path, names(stream, path.name), library)
    except (SubmissionError, OSError):
        return [alone]  # reading it says what is wrong
    return _class(top) if _is_platform_class(top) or _is_archived_class(top, inside, library) else [alone]


def _folder_top(path: Path) -> _Top:
    try:
        with os.scandir(path) as entries:
            is_folder = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
    except OSError:
        is_folder = {}
    top = _top(path, "", is_folder)
    return replace(top, links=tuple(name for name in top.files if (path / name).is_dir()))


def _archive_top(path: Path, listed: list[str], library: str) -> tuple[_Top, list[str]]:
    """The first level of an archive that is more than one folder, and what lies there and below."""
    prefix = ""
    while True:
        inside = [name.removeprefix(prefix) for name in listed if name.startswith(prefix) and name != prefix]
        top = _top(path, prefix, {name.split("/")[0]: "/" in name for name in inside})
        if len(top.folders) != 1 or top.files or top.folders[0] == library:
            return top, inside
        prefix = f"{prefix}{top.folders[0]}/"


def _top(path: Path, prefix: str, is_folder: dict[str, bool]) -> _Top:
    kept = sorted(name for name in is_folder if not is_junk(name))
    folders = tuple(name for name in kept if is_folder[name])
    return _Top(path, prefix, folders, tuple(name for name in kept if not is_folder[name]))


def _is_one(top: _Top, library: str) -> bool:
    return library in top.folders or any(is_code(name) for name in top.files)


def _is_mixed_class(top: _Top, library: str) -> bool:
    """Whether a folder with code at its top holds whole hand-ins beside it."""
    whole = [name for name in top.folders if (top.path / name / library).is_dir()]
    return library not in top.folders and len(whole) + sum(map(is_archive, top.files)) > 1


def _is_platform_class(top: _Top) -> bool:
    if METADATA in top.files:
        return True
    owned = sum(platform_owner(name) is not None for name in (*top.folders, *top.files))
    others = sum(is_code(name) or is_archive(name) for name in top.files if not platform_owner(name))
    return owned > others


def _is_archived_class(top: _Top, inside: list[str], library: str) -> bool:
    if _is_one(top, library):
        return False
    with_work = {name.split("/")[0] for name in inside if is_code(name) or is_archive(name)}
    return len(with_work - _PARTS) > 1


def _class(top: _Top) -> Iterator[HandIn]:
    uploads = _uploads(top) if METADATA in top.files else {}
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    whole = {*top.folders, *top.links}
    for name in (*top.folders, *top.files):
        platform = platform_owner(name)
        if name in uploads:
            yield from _uploaded(top, name, uploads[name])
        elif platform is not None:
            shared[platform.student, platform.id].append(name)
        elif name in whole or is_code(name) or is_archive(name) or suffix(name) in WRONG:
            student = name if name in whole else owner_of(name).student
            yield HandIn(_identity(student), top.path, (top.prefix + name,))
    for (student, number), members in shared.items():
        late = any((owner := platform_owner(name)) and owner.late for name in members)
        yield HandIn(
            _identity(student),
            top.path,
            tuple(top.prefix + name for name in members),
            notes=("handed in late, says Canvas",) if late else (),
            platform_id=number,
        )


def _uploaded(top: _Top, name: str, upload: Upload) -> Iterator[HandIn]:
    for student in upload.students or (name,):
        yield HandIn(_identity(student), top.path, (top.prefix + name,), upload.received_at)


def _uploads(top: _Top) -> dict[str, Upload]:
    try:
        if top.path.is_dir():
            return read_metadata((top.path / METADATA).read_bytes())
        bundle = Bundle(Caps(source=64 << 20))
        with open_regular(top.path) as stream:
            unpack(stream, top.path.name, bundle, inside=top.prefix + METADATA)
        return read_metadata(bundle.files.get(METADATA, b""))
    except (OSError, SubmissionError):
        return {}


def _identity(name: str) -> str:
    return shown(unicodedata.normalize("NFC", " ".join(name.split()))) or "unnamed"


def _told_apart(hand_ins: list[HandIn]) -> Iterator[HandIn]:
    by_name: dict[str, list[HandIn]] = defaultdict(list)
    for hand_in in hand_ins:
        by_name[hand_in.student].append(hand_in)
    taken = set(by_name)
    for student, rivals in by_name.items():
        rivals.sort(key=lambda hand_in: (hand_in.path, hand_in.members))
        numbers = {hand_in.platform_id for hand_in in rivals}
        for count, hand_in in enumerate(rivals, start=1):
            if len(rivals) == 1:
                yield hand_in
            elif len(numbers) == len(rivals) and "" not in numbers:
                name = _free(f"{student} {hand_in.platform_id}", taken)
                yield replace(hand_in, student=name)
            else:
                note = f"{len(rivals)} hand-ins are called {student}: each is graded by itself; keep one"
                name = student if count == 1 else _free(f"{student} ({count})", taken)
                yield replace(hand_in, student=name, notes=(*hand_in.notes, note))


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first one made from it that nobody else has: two rows of one name would be one."""
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 2)))
    free = next(name for name in names if name not in taken)
    taken.add(free)
    return free
