"""The course key: the file that hidden seeds derive from, read only where nobody else can read it."""

from __future__ import annotations

import os
import secrets
import shlex
import stat
from contextlib import suppress
from pathlib import Path

from ..errors import AutograderError
from ..model import Course

_BYTES = 32
_MOST = 4096  # bytes of a file that may be a key
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


def course_key(course: Course) -> bytes:
    """The key that a course names for itself; made at first use where its place is in the course's folder.

    Raises AutograderError as `read_key` does.
    """
    path = course.key_file
    if path.is_relative_to(course.root) and not os.path.lexists(path):
        try:
            _make(path)
        except OSError as error:
            raise AutograderError(
                f"{path}: the course key cannot be made there ({error.strerror}); name one by --key-file"
            ) from error
    return read_key(path)


def read_key(path: Path) -> bytes:
    """The key in a file.

    Raises AutograderError where there is none, where it is no plain small file or holds too little, and
    where others than its owner may read or write it.
    """
    return _read(path, unpacked=False)


def unpacked_key(path: Path) -> bytes:
    """The key in a file that another grader has unpacked, whatever mode it gave to it; the mode is mended.

    Such a file lies in a container of its own. Raises AutograderError as `read_key` does.
    """
    return _read(path, unpacked=True)


def _read(path: Path, *, unpacked: bool) -> bytes:
    descriptor = _open(path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST:
            raise AutograderError(
                f"{path}: is no key; expected a plain file of {_BYTES} to {_MOST} bytes, "
                "name one by --key-file"
            )
        if unpacked:
            with suppress(OSError):  # another user's, or on a disk that is only read
                os.fchmod(descriptor, 0o600)
        elif status.st_mode & _OTHERS:
            raise AutograderError(
                f"{path}: others may read or write the course key (mode {stat.S_IMODE(status.st_mode):04o}); "
                f"run `chmod 600 {shlex.quote(str(path))}`"
            )
        key = os.read(descriptor, _MOST).strip()
    finally:
        os.close(descriptor)
    if len(key) < _BYTES:
        raise AutograderError(
            f"{path}: a course key has at least {_BYTES} bytes, this one has {len(key)}; "
            "name another by --key-file"
        )
    return key


def _open(path: Path) -> int:
    try:
        # Of a pipe or a device that is put there nothing is read, and opening it does not wait for anybody.
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise AutograderError(
            f"{path}: there is no such key file; mend the name, or make a key there by "
            f"`(umask 077 && head -c {_BYTES} /dev/urandom | base64 > {shlex.quote(str(path))})`"
        ) from None
    except OSError as error:
        raise AutograderError(
            f"{path}: cannot read the course key ({error.strerror}); name a plain file by --key-file"
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
        with suppress(FileExistsError):  # of two processes that start together only one makes the key
            os.link(draft, path)
    finally:
        draft.unlink()
