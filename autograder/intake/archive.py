"""Archives of strangers, unpacked into memory: nothing is written, nothing is followed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from ..errors import SubmissionError
from ..text import shown
from .files import Bundle, is_machines
from .paths import clean, is_junk, is_wanted

_DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, LookupError, ArithmeticError, RuntimeError, MemoryError),
)
_FOREIGN = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "Word"}
_COMPRESSED: Mapping[bytes, Callable[[BinaryIO], BinaryIO]] = {
    b"\x1f\x8b": lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=stream)),
    b"BZh": lambda stream: cast(BinaryIO, bz2.BZ2File(stream)),
    b"\xfd7zXZ": lambda stream: cast(BinaryIO, lzma.LZMAFile(stream)),  # noqa: SIM115  # closed by the reader
}
_OUTSIDE = ".."  # in place of a name that leads out of the archive
_MEMBERS = 500_000  # entries of an archive, a whole class's
_HEADER = 16 << 20  # bytes of a directory or header that a parser may read at once
_UNPACKED = 1 << 30  # bytes of a tar, unpacked; what lies in it beside code must be skipped over


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive."""

    name: str  # as the archive has it
    kind: str  # "file", "folder", "link", "device", "locked" (encrypted)
    open: Callable[[], IO[bytes]]


def names(stream: BinaryIO, where: str) -> list[str]:
    """Clean paths in an archive that are not junk; folders end in "/". SubmissionError where damaged."""
    paths = []
    for member in _members(stream, where):
        path = clean(member.name)
        if path is not None and not is_junk(path):
            paths.append(path + "/" if member.kind == "folder" else path)
    return paths


def unpack(stream: BinaryIO, where: str, bundle: Bundle, *, inside: str = "", under: str = "") -> None:
    """Read what is wanted of an archive into the bundle, below `under`.

    With `inside`, only that file or folder of the archive, without the folders that lead there.
    Raises SubmissionError for an archive that is damaged, encrypted, too large or of another kind.
    """
    for member in _members(stream, where):
        path = _placed(member.name, inside)
        if path is None:
            continue
        bundle.count(f"{shown(where)}:")
        if path == _OUTSIDE:
            bundle.notes.append(f"{shown(member.name)}: ignored, its name leads outside the hand-in")
        elif member.kind in ("link", "device") and not is_junk(path):
            bundle.notes.append(f"{shown(path)}: ignored, a {member.kind} and no file")
        elif is_wanted(path) and member.kind == "locked":
            raise SubmissionError(f"{shown(where)}: is encrypted; hand in an archive without a password")
        elif is_wanted(path) and member.kind == "file":
            _add(member, under + path, bundle)


def _add(member: Member, path: str, bundle: Bundle) -> None:
    try:
        with member.open() as contents:
            bundle.add(path, cast(BinaryIO, contents))
    except SubmissionError:
        raise
    except _DAMAGE:
        bundle.ignore(path, "ignored, damaged in the archive; pack it again")


def _placed(name: str, inside: str) -> str | None:
    """Where a member lies within `inside`; None where it does not, or is the folder itself."""
    path = clean(name)
    if not inside:
        return "" if name.strip("./") == "" else path or _OUTSIDE
    if path is None:
        return None
    if path == inside:
        return path.rpartition("/")[2]
    return path.removeprefix(inside + "/") if path.startswith(inside + "/") else None


def _members(stream: BinaryIO, where: str) -> Iterator[Member]:
    where = shown(where)
    try:
        for number, member in enumerate(_sniffed(stream, where)):
            if number == _MEMBERS:
                raise SubmissionError(f"{where}: holds more than {_MEMBERS} files; hand in only your code")
            yield member
    except _DAMAGE as error:
        if isinstance(error, OSError) and is_machines(error):
            raise
        raise SubmissionError(
            f"{where}: is no archive that can be read, or is damaged; pack and hand it in again"
        ) from error


def _sniffed(stream: BinaryIO, where: str) -> Iterator[Member]:
    head = stream.read(265)
    stream.seek(0)
    if not head:
        raise SubmissionError(f"{where}: is empty; hand it in again")
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            raise SubmissionError(
                f"{where}: is a {name} file; hand in a folder, .zip, .tar.gz, .py or .ipynb"
            )
    if head.startswith(b"PK"):
        return _zip_members(stream, where)
    for magic, opener in _COMPRESSED.items():
        if head.startswith(magic):
            return _tar_members(opener(stream), where)
    return _tar_members(stream, where)


def _zip_members(stream: BinaryIO, where: str) -> Iterator[Member]:
    with zipfile.ZipFile(cast(BinaryIO, _Bounded(stream, where))) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            kind = "folder" if info.is_dir() else "link" if stat.S_ISLNK(mode) else "file"
            if kind == "file" and info.flag_bits & 1:
                kind = "locked"
            yield Member(info.filename, kind, lambda info=info: archive.open(info))  # type: ignore[misc]


def _tar_members(stream: BinaryIO, where: str) -> Iterator[Member]:
    bounded = cast(BinaryIO, _Bounded(stream, where))
    with closing(stream), tarfile.open(fileobj=bounded, mode="r:") as archive:
        for info in archive:
            archive.members.clear()  # type: ignore[attr-defined]  # else they pile up
            kind = "folder" if info.isdir() else "link" if info.issym() or info.islnk() else "device"
            kind = "file" if info.isfile() else kind
            yield Member(info.name, kind, lambda info=info: _opened(archive, info))  # type: ignore[misc]


def _opened(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(info)
    if stream is None:
        raise tarfile.ReadError("no contents")
    return stream


class _Bounded:
    """A stream that refuses to be unpacked without end, or to be read in one enormous piece."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._stream = stream
        self._where = where

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; all, if they are few."""
        contents = self._stream.read(min(size, _HEADER + 1) if size >= 0 else _HEADER + 1)
        if len(contents) > _HEADER:
            raise SubmissionError(f"{self._where}: has too many files, or is damaged; hand in only your code")
        return contents

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Move, though not beyond what an archive of code needs."""
        if place > _UNPACKED:
            raise SubmissionError(
                f"{self._where}: unpacks to more than {_UNPACKED >> 30} GiB; hand in only your code"
            )
        return self._stream.seek(place, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True
