"""Courses that were used before in the place where they lie, told by a mark that no archive can bring along.

A hand-in may hold a whole course, with a key and whatever else lies in one. What it cannot hold is the number
and the time of change that the file system here will give to a file of it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..model import Course

_STAMP, _MARK = Path(".dlc/stamp"), Path(".dlc/here")  # the second says what the first is like


def remember(course: Course) -> None:
    """Mark a course as used here; without effect where it cannot be written."""
    if is_known(course):
        return
    stamp, mark = course.root / _STAMP, course.root / _MARK
    with suppress(OSError):
        stamp.parent.mkdir(mode=0o700, exist_ok=True)
        for path in (stamp, mark):
            path.unlink(missing_ok=True)
        _write_new(stamp, "")
        _write_new(mark, _likeness(stamp))


def is_known(course: Course) -> bool:
    """Whether it was marked, and neither unpacked nor copied since."""
    with suppress(OSError, UnicodeDecodeError):
        return (course.root / _MARK).read_text(encoding="ascii") == _likeness(course.root / _STAMP)
    return False


def _likeness(path: Path) -> str:
    status = path.lstat()
    return f"{status.st_ino} {status.st_ctime_ns}"


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
