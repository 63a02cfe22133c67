"""One measurement at a time on a device, whichever processes grade: two would measure each other."""

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
    """Lets as many in as a device has slots, and keeps the others waiting. A context manager.

    It holds among the processes of one user on one machine. A slot is the lock of a file, which the kernel
    frees when its holder ends in whatever way. Nothing of a hand-in runs while its grader waits here, so
    waiting uses up none of its time. Raises OpenPoints where a file of that name is not ours.
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
    """For races on the processor: as many at a time as half of the cores that this process may use.

    Each keeps one core busy. The other half is for graders whose tests are not timed; and where the kernel
    counts two threads of a core as two, a race on each of them would take the other's share.
    """
    return DeviceLock("cores", max(1, len(os.sched_getaffinity(0)) // 2), folder)


def _open(file: Path) -> int:
    """A descriptor of the file, made if need be; in a folder for all, others can have made it first."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OpenPoints(_not_ours(file, error.strerror or "")) from error
    found = os.fstat(descriptor)
    if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise OpenPoints(_not_ours(file, "it belongs to another user"))
    return descriptor


def _not_ours(file: Path, why: str) -> str:
    return f"nothing can be timed: {file} cannot be locked ({why}); remove it"
