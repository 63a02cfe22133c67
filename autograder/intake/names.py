"""Who handed a file in, by the names that learning platforms give to downloads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .formats import FORMATS
from .paths import ARCHIVES, WRONG, stem, suffix

_CANVAS = re.compile(r"(?P<who>[^_/]+)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<file_id>\d+)_(?P<original>[^/]+)")
_MOODLE = re.compile(
    r"(?P<who>[^_/]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<original>[^/]*))?"
)
_RESUBMITTED = re.compile(r"-\d+(?=\.[^.]+$|\.tar\.[^.]+$)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom an entry of a class belongs to."""

    student: str
    id: str = ""  # the platform's, where the name has one
    original: str = ""  # name that the student gave the file
    late: bool = False


def owner_of(name: str) -> Owner:
    """Owner of a file or folder at the top of a class.

    Canvas `doejane_LATE_123_456_hw4-1.ipynb`, Moodle `Jane Doe_123_assignsubmission_file_`; otherwise
    the name itself without its ending.
    """
    is_file = suffix(name) in (*ARCHIVES, *FORMATS, *WRONG)
    return platform_owner(name) or Owner(stem(name) if is_file else name)


def platform_owner(name: str) -> Owner | None:
    """Owner where the name is of a platform's making, else None."""
    moodle = _MOODLE.fullmatch(name)
    if moodle:
        return Owner(moodle["who"].strip(), moodle["id"], moodle["original"] or "")
    canvas = _CANVAS.fullmatch(name)
    if canvas:
        original = _RESUBMITTED.sub("", canvas["original"])
        return Owner(canvas["who"], canvas["id"], original, late=canvas["late"] is not None)
    return None
