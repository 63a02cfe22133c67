"""Files that a report becomes: their names, and writing them whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_HASHED = re.compile(r".*-[0-9a-f]{16}")
# Names that Windows gives to devices, whatever follows the first dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_STEM_CHARS = 40
_DRAFT_PREFIX, _DRAFT_SUFFIX = ".dlc-", ".tmp"


def slug(student: str) -> str:
    """File name, without ending, for a student: safe on every file system, one for each student.

    A plain lower-case name stays as it is; any other one is reduced to letters, digits and hyphens and
    gets 64 bits of its SHA-256, so that "Ann", "ANN" and "ann" never share a file.
    """
    if _PLAIN.fullmatch(student) and not _HASHED.fullmatch(student) and not _DEVICES.fullmatch(student):
        return student
    ascii_text = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:_STEM_CHARS].strip("-")
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{stem or 'student'}-{digest}"


def write_atomically(path: Path, text: str) -> None:
    """Write UTF-8 text so that a reader finds the old file or the whole new one, never a part.

    What UTF-8 cannot hold (half a surrogate pair, from a file name that was not UTF-8) is written as an
    escape. Folders above `path` are made. Raises OSError.
    """
    write_bytes_atomically(path, text.encode("utf-8", "backslashreplace"))


def write_bytes_atomically(path: Path, contents: bytes, mode: int = 0o644) -> None:
    """Write bytes in the same way. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(_DRAFT_SUFFIX, _DRAFT_PREFIX, path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(contents)
        draft.chmod(mode)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def remove_drafts(folder: Path) -> None:
    """Remove what killed writers left in a folder, where nobody may be writing now. Raises OSError."""
    for draft in folder.glob(f"{_DRAFT_PREFIX}*{_DRAFT_SUFFIX}"):
        if not draft.is_dir():
            draft.unlink(missing_ok=True)
