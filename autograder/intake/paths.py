"""Names of files in a hand-in: which are safe, which are junk, which hold code."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

from .formats import FORMATS

_JUNK = frozenset(
    {"__macosx", "__pycache__", "node_modules", "venv", "env", "site-packages", "thumbs.db", "studentkit"}
)
_DISGUISES = ((".py.txt", ".py"), (".ipynb.txt", ".ipynb"), (".ipynb.json", ".ipynb"))
_COPY = re.compile(r"(?:[ _]?\(\d+\)|-\d+|[ _-][Cc]opy\d*)$")

_REMEMBERED = lru_cache(maxsize=4096)  # a class hands in the same names again and again

ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")
TEXTS = (".md", ".txt", ".yml")
WRONG = (".rar", ".7z", ".gz", ".pdf", ".doc", ".docx", ".html")  # what some hand in instead
# Dots alone, or before what a platform and a format add: a student's name, and no hidden file.
_ENDINGS = "|".join(map(re.escape, (*FORMATS, *ARCHIVES, *WRONG)))
_DOTS = re.compile(rf"\.*(?:_(?:LATE_)?\d+_.*)?(?:{_ENDINGS})?", re.IGNORECASE)


def clean(name: str) -> str | None:
    """A member's name as a relative path with slashes; None where it leads out of the archive."""
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    absolute = name.startswith("/") or re.match(r"[A-Za-z]:", name)
    if absolute or ".." in parts or "\0" in name or not parts:
        return None
    return "/".join(parts)


@_REMEMBERED
def is_junk(path: str) -> bool:
    """Whether an operating system, an editor, Python or the release put this file there, not the student."""
    return any(_is_hidden(part) or part.casefold() in _JUNK for part in path.split("/"))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and not _DOTS.fullmatch(name)


@_REMEMBERED
def suffix(path: str) -> str:
    """Lower-case ending that tells the format: ".py", ".tar.gz"; `conv.py.txt` is a ".py"."""
    name = path.rpartition("/")[2].casefold()
    for disguise, ending in _DISGUISES:
        if name.endswith(disguise):
            return ending
    for ending in ARCHIVES:
        if name.endswith(ending):
            return ending
    return name if name in FORMATS else PurePosixPath(name).suffix


@_REMEMBERED
def stem(path: str) -> str:
    """Name without folders and ending, and without what a browser adds to a second copy: `conv (1).py`."""
    name = path.rpartition("/")[2]
    for ending in (*(disguise for disguise, _ in _DISGUISES), *ARCHIVES[::-1]):
        if name.casefold().endswith(ending):
            return _COPY.sub("", name[: -len(ending)]) or name
    return _COPY.sub("", PurePosixPath(name).stem) or name


def is_code(path: str) -> bool:
    """Whether a file can hold a student's work."""
    return suffix(path) in FORMATS and not is_junk(path)


def is_archive(path: str) -> bool:
    """Whether a file can hold other files."""
    return suffix(path) in ARCHIVES and not is_junk(path)


def is_wanted(path: str) -> bool:
    """Whether the contents are worth reading."""
    return suffix(path) in (*FORMATS, *ARCHIVES, *TEXTS) and not is_junk(path)
