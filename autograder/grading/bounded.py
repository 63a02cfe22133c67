"""Bounds around a test's own work, which a student's answers may have made endless or vast.

The sandbox bounds what the student's code uses. What a test computes with its answers is done here, in the
trusted process, by statements that were written for sensible ones.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

_PAGE = resource.getpagesize()
_M_MMAP_THRESHOLD = -3  # of mallopt(3)
_LARGE = 4 << 20  # bytes


class TookTooLong(BaseException):
    """A test's own work does not end. No Exception, so that no `except Exception` on the way holds it up."""


def prepare() -> None:
    """Have large answers give their room back, and let numpy's library take the room that it works in.

    Where that finds none it ends the process. Room that stays would be there when the next test's bound is
    set; glibc keeps more of it with each large answer, unless it is told from where on an answer is large.
    """
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
    square = np.ones((64, 64))
    np.linalg.inv(np.eye(64) + square @ square)


class Bounds:
    """Bounds of the tests of one session: processor time, and memory beyond what is there before each."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self._settled = 0  # bytes of this process, when last there was no garbage among them

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the statements inside use no more than that.

        Raises TookTooLong, MemoryError. Time in which a worker or another program is waited for is not
        counted. Time is bounded in the main thread alone, for signals go nowhere else.
        """
        with _within_memory(self._in_use() + (self.megabytes << 20)):
            if threading.current_thread() is not threading.main_thread():
                yield
                return
            before = signal.signal(signal.SIGPROF, _stop)
            signal.setitimer(signal.ITIMER_PROF, self.seconds, 1.0)  # again, should one be swallowed
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.signal(signal.SIGPROF, before)

    def _in_use(self) -> int:
        """Bytes of this process that are in use.

        An error that holds itself keeps what a student returned until the collector comes by. It is called
        where much was added, or each test would begin where the one before it ended.
        """
        now = _data_bytes()
        if now > self._settled + _LARGE:
            gc.collect()
            now = self._settled = _data_bytes()
        self._settled = min(self._settled, now)
        return now


def _stop(*_: Any) -> None:
    raise TookTooLong


def _data_bytes() -> int:
    # https://docs.kernel.org/filesystems/proc.html: the sixth number of statm is "data + stack", in pages
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)  # a third of the time that a file object takes
    try:
        return int(os.read(descriptor, 200).split()[5]) * _PAGE
    finally:
        os.close(descriptor)


@contextmanager
def _within_memory(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
