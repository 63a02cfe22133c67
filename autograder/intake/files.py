"""The files of one hand-in in memory, read from disk without following anything."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..errors import SubmissionError
from ..text import shown
from .formats import FORMATS
from .paths import is_archive, is_junk, is_wanted, suffix

_KIB, _MIB = 1 << 10, 1 << 20


@dataclass(frozen=True, slots=True)
class Caps:
    """What one hand-in may hold. Beyond it is an accident (a data set) or an attack (a bomb)."""

    members: int = 20_000  # files and folders
    source: int = 256 * _KIB  # bytes of one .py, .md or .txt, and of the code in one notebook
    code: int = _MIB  # bytes of Python that are looked at, all together
    notebook: int = 32 * _MIB  # bytes of one notebook; outputs hold pictures
    archive: int = 256 * _MIB  # bytes of one archive
    total: int = 256 * _MIB  # bytes read or unpacked, all together
    depth: int = 16  # folders within folders
    nesting: int = 3  # archives within archives

    def of(self, path: str) -> int:
        """Largest size, in bytes, of a file of this name."""
        if is_archive(path):
            return self.archive
        read_as = FORMATS.get(suffix(path))
        return self.notebook if read_as and read_as.has_outputs else self.source


@dataclass
class Bundle:
    """Files gathered so far: relative path -> contents."""

    caps: Caps
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _members: int = 0
    _bytes: int = 0

    def count(self, where: str) -> None:
        """Count a file or folder. Raises SubmissionError beyond the cap."""
        self._members += 1
        if self._members > self.caps.members:
            raise SubmissionError(
                f"{where} holds more than {self.caps.members} files; hand in only your code"
            )

    def add(self, path: str, stream: BinaryIO) -> None:
        """Read a file into the bundle; one that is too large is left out with a note.

        Raises SubmissionError where the hand-in as a whole becomes too large.
        """
        cap = self.caps.of(path)
        contents = _read(stream, min(cap, self.caps.total - self._bytes) + 1)
        self._bytes += len(contents)
        if self._bytes > self.caps.total:
            raise SubmissionError(
                f"{shown(path)}: the hand-in is larger than {size(self.caps.total)}; hand in only your code"
            )
        if len(contents) > cap:
            self.ignore(path, f"ignored, larger than {size(cap)}")
            return
        if path in self.files and self.files[path] != contents:
            self.ignore(path, "there twice with different contents; the last one counts")
        self.files[path] = contents

    def ignore(self, path: str, why: str) -> None:
        """Note that a file is not read as it is, if anybody would miss it."""
        if is_wanted(path):
            self.notes.append(f"{shown(path)}: {why}")


def size(count: int) -> str:
    """A number of bytes in words: "256 KiB"."""
    for unit, name in ((_MIB, "MiB"), (_KIB, "KiB")):
        if count >= unit:
            return f"{count // unit} {name}"
    return f"{count} bytes"


def _read(stream: BinaryIO, most: int) -> bytes:
    """Up to `most` bytes, in pieces: an archive refuses to be read in one enormous piece."""
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(min(most, _MIB))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


# What the machine lacks for everybody, and how else it fails over a hand-in that was there when it was found.
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_MACHINE = EXHAUSTED | {errno.EIO, errno.ENOENT, errno.ESTALE, errno.ENODEV, errno.ENOTCONN, errno.ETIMEDOUT}


def is_machines(error: OSError) -> bool:
    """Whether a reading failed for a reason that no student can cause; it says nothing about the hand-in."""
    return error.errno in _MACHINE


@contextmanager
def open_regular(name: str | Path, folder: int | None = None) -> Iterator[BinaryIO]:
    """Open a regular file for reading. OSError for a link, a pipe, a device, or no permission."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "a link, which is not followed") from error
        raise
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        yield stream


def read_folder(folder: Path, bundle: Bundle, under: str = "") -> None:
    """Read what is wanted of a folder into the bundle; its name is `under` there."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if is_machines(error):
            raise
        raise SubmissionError(
            f"{shown(folder.name)}: cannot be opened ({error.strerror}); expected a folder that can be read"
        ) from error
    try:
        _read_open_folder(handle, under, bundle, 0)
    finally:
        os.close(handle)


def _read_open_folder(folder: int, under: str, bundle: Bundle, depth: int) -> None:
    for name in sorted(os.listdir(folder)):
        path = f"{under}{name}"
        bundle.count("the hand-in")
        if is_junk(name):
            continue
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                _enter(folder, name, path, bundle, depth)
            elif is_wanted(name):
                with open_regular(name, folder) as stream:
                    bundle.add(path, stream)
            elif stat.S_ISLNK(mode):
                bundle.notes.append(f"{shown(path)}: ignored, a link, which is not followed")
        except OSError as error:
            if is_machines(error):
                raise
            bundle.notes.append(f"{shown(path)}: ignored, cannot be read ({error.strerror})")


def _enter(folder: int, name: str, path: str, bundle: Bundle, depth: int) -> None:
    if depth == bundle.caps.depth:
        bundle.notes.append(f"{shown(path)}: ignored, more than {depth} folders deep")
        return
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        _read_open_folder(handle, f"{path}/", bundle, depth + 1)
    finally:
        os.close(handle)
