"""What was found out once, in a file beside the course key that only its owner reads."""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_MOST_FILES = 4  # of an assignment: both draws, before and after a change
_PATIENCE_S = 5.0  # for another process that writes
_JUDGING = ("studentkit", "grading", "course", "frameworks", "author")  # folders of this package


class Kept:
    """A table of rows, found by their key.

    No failure of the file matters: what is not there is found out again.

    Args:
        file: one for all that rows depend on beside their key, see `file_of`; None keeps nothing.
        table: name of the table.
        key: names of the columns that rows are found by.
        fields: names of the others.
        most_bytes: that are written, by this process.
    """

    def __init__(
        self, file: Path | None, table: str, key: Sequence[str], fields: Sequence[str], most_bytes: int
    ) -> None:
        where, columns = " AND ".join(f"{name}=?" for name in key), ", ".join((*key, *fields))
        self._select = f"SELECT {', '.join(fields)} FROM {table} WHERE {where}"
        self._insert = f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * (len(key) + len(fields)))})"
        shape = f"CREATE TABLE IF NOT EXISTS {table} ({columns}, PRIMARY KEY ({', '.join(key)}))"
        self._database = _opened(file, shape) if file else None
        self._left = most_bytes

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def read(self, key: Sequence[Any]) -> tuple[Any, ...] | None:
        """The fields of the row with this key."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                row: tuple[Any, ...] | None = self._database.execute(self._select, key).fetchone()
                return row
        return None

    def write(self, key: Sequence[Any], fields: Sequence[Any], size: int) -> None:
        """Add a row of so many bytes, if there is room."""
        self._left -= size
        if self._database is not None and self._left > 0:
            with suppress(sqlite3.Error):
                self._database.execute(self._insert, (*key, *fields))


def file_of(folder: Path, assignment: str, *depends_on: str) -> Path | None:
    """The file of what is found out for an assignment, read by its owner only; None where none can be.

    Args:
        folder: beside the course key.
        assignment: its id.
        depends_on: all that it depends on: graders, draw, versions.
    """
    parts = (*depends_on, _processor(), *_editions())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        older = sorted(folder.glob(f"{assignment}.*.sqlite"), key=lambda path: path.stat().st_mtime)
    except OSError:
        return None
    path = folder / f"{assignment}.{digest}.sqlite"
    for outdated in [other for other in older if other != path][: -_MOST_FILES + 1]:
        for part in (outdated, *outdated.parent.glob(f"{outdated.name}-*")):
            with suppress(OSError):
                part.unlink()
    return path


def _opened(path: Path, shape: str) -> sqlite3.Connection | None:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return None  # somebody else's word
        database = sqlite3.connect(path, _PATIENCE_S, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error):
        return None
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")  # what a power cut takes is found out again
        database.execute(shape)
    except sqlite3.Error:  # no database, on a full or foreign disk
        database.close()
        return None
    return database


def _editions() -> list[str]:
    """Of the files that run tests and compare answers: who works on them keeps the version."""
    package = Path(__file__).parent
    files = [path for name in _JUDGING for path in sorted((package / name).glob("*.py"))]
    return [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]


def _processor() -> str:
    """Kind of the processor: others round otherwise."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    return next((line for line in told.splitlines() if line.startswith("model name")), "")
