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
from .files import Bundle
from .paths import clean, is_junk, is_wanted, shown

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
_NOTES = 20  # after which names that lead outside are dropped without a word
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
    found = []
    for member in _members(stream, where):
        path = clean(member.name)
        if path is not None and not is_junk(path):
            found.append(path + "/" if member.kind == "folder" else path)
    return found


def unpack(stream: BinaryIO, where: str, bundle: Bundle, *, inside: str = "", under: str = "") -> None:
    """Read what is wanted of an archive into the bundle, below `under`.

    With `inside`, only that file or folder of the archive, without the folders that lead there.
    Raises SubmissionError for an archive that is damaged, encrypted, too large or of another kind.
    """
    for member in _members(stream, where):
        path = _placed(member, inside, bundle)
        if path is None:
            continue
        bundle.count(where)
        if member.kind == "folder" or is_junk(path) or not is_wanted(path):
            continue
        if member.kind == "locked":
            raise SubmissionError(f"{where}: is encrypted; hand in an archive without a password")
        if member.kind != "file":
            bundle.ignore(path, f"ignored, a {member.kind} and no file")
            continue
        _add(member, under + path, bundle)


def _add(member: Member, path: str, bundle: Bundle) -> None:
    try:
        with member.open() as contents:
            bundle.add(path, cast(BinaryIO, contents))
    except SubmissionError:
        raise
    except _DAMAGE:
        bundle.ignore(path, "ignored, damaged in the archive; pack it again")


def _placed(member: Member, inside: str, bundle: Bundle) -> str | None:
    path = clean(member.name)
    if path is None:
        if not inside and len(bundle.notes) < _NOTES:
            bundle.notes.append(f"{shown(member.name)}: ignored, its name leads outside the hand-in")
        return None
    if not inside:
        return path
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
    if _directory_size(stream) > _HEADER:
        raise SubmissionError(
            f"{where}: holds too many files, or is larger than 4 GB; hand in only your code"
        )
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            kind = "folder" if info.is_dir() else "link" if stat.S_ISLNK(mode) else "file"
            if kind == "file" and info.flag_bits & 1:
                kind = "locked"
            yield Member(info.filename, kind, lambda info=info: archive.open(info))  # type: ignore[misc]


def _directory_size(stream: BinaryIO) -> int:
    """Bytes that the zip says its list of members takes; zipfile would read them all at once."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 16:
        raise zipfile.BadZipFile("no end record")
    return int(struct.unpack_from("<L", tail, end + 12)[0])


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
        if not 0 <= size <= _HEADER:
            raise tarfile.ReadError("a header too large to be true")
        return self._stream.read(size)

    def seek(self, place: int) -> int:
        if place > _UNPACKED:
            raise SubmissionError(
                f"{self._where}: unpacks to more than {_UNPACKED >> 30} GiB; hand in only your code"
            )
        return self._stream.seek(place)

    def tell(self) -> int:
        return self._stream.tell()
