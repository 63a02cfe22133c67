"""One writer at a time in a folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from ..errors import AutograderError

_NAME = ".lock"


class FolderLock:
    """Holds a folder for this process. A context manager.

    The kernel frees the lock when its holder ends in whatever way; what it starts does not inherit it.
    Raises AutograderError where another holds it, and OSError where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / _NAME
        self._held = -1  # descriptor of the locked file

    def __enter__(self) -> FolderLock:
        while self._held < 0:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._is_there(descriptor):
                    self._held = descriptor
            except BlockingIOError:
                raise AutograderError(
                    f"{self._folder}: another dlc is writing there; wait until it has ended, "
                    "or name another folder with -o"
                ) from None
            finally:
                if self._held != descriptor:
                    os.close(descriptor)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # whoever has put something else there has removed it
            self._path.unlink()  # while it is held: whoever waits for this file finds it gone
        os.close(self._held)
        self._held = -1

    def _is_there(self, descriptor: int) -> bool:
        """Whether the file that was locked is still the one of that name: its last holder removed it."""
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(descriptor))
