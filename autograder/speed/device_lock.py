"""A lock that lets one process measure on a device at a time: two at once would slow each other down."""

from __future__ import annotations

import fcntl
import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path

from ..errors import OpenPoints

_FOLDER = Path("/tmp")  # the same for every process of a user, whatever their environment says
_LOOK_S = 0.05  # between two looks for a free slot


class DeviceLock:
    """A context manager that waits until one of the device's slots is free, and holds it meanwhile.

    It works among the processes of one user on one machine. A slot is the lock of a file, which the kernel
    releases when its holder ends, however it ends. No student code runs while its grader waits here, so
    waiting takes none of its time.

    Args:
        device: name of the device; the same name means the same lock.
        slots: how many may hold it at once.
        folder: where the files lie.

    Raises:
        OpenPoints: a file of that name belongs to somebody else.
    """

    def __init__(self, device: str, slots: int = 1, folder: Path = _FOLDER) -> None:
        name = f"dlc-{os.geteuid()}-{re.sub(r'[^A-Za-z0-9.-]', '_', device)}"
        self._files = [folder / f"{name}-{slot}.lock" for slot in range(slots)]
        self._held = -1  # descriptor of the locked file

    def __enter__(self) -> DeviceLock:
        while not any(map(self._take, self._files)):
            time.sleep(_LOOK_S)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._held)
        self._held = -1

    def _take(self, file: Path) -> bool:
        descriptor = _open(file)
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._held = descriptor
            return True
        os.close(descriptor)
        return False


def core_lock(folder: Path = _FOLDER) -> DeviceLock:
    """The lock for races on the processor: as many at once as half of the cores that this process may use.

    A race keeps one core busy. The other half is left to graders whose tests are not timed, and because the
    kernel may count the two hardware threads of one core as two cores: races on both would share it.
    """
    return DeviceLock("cores", max(1, len(os.sched_getaffinity(0)) // 2), folder)


def _open(file: Path) -> int:
    """A descriptor of the file, made if need be; in a folder for all, others can have made it first."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OpenPoints(_not_ours(file, error.strerror or "")) from error
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OpenPoints(_not_ours(file, "it belongs to another user"))
    return descriptor


def _not_ours(file: Path, why: str) -> str:
    return f"nothing can be timed: {file} cannot be locked ({why}); remove it"
