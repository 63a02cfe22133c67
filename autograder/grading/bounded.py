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
from contextlib import suppress
from types import FrameType

import numpy as np

from ..alarm import TookTooLong, is_lost_in

_PAGE = resource.getpagesize()
_M_MMAP_THRESHOLD = -3  # of mallopt(3)
_LARGE = 4 << 20  # bytes


def prepare() -> None:
    """Have the memory of large answers given back to the system, and let numpy's library take its buffers.

    A library that finds no memory for its buffers later ends the process. Memory that glibc keeps would count
    as used when the next test's bound is set, and it keeps more with each large answer, unless it is told
    from which size on an answer is large.
    """
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
    square = np.ones((64, 64))
    np.linalg.inv(np.eye(64) + square @ square)


class Bounds:
    """What each test of a session may use: processor time, and memory beyond what is there before it.

    A context manager around one test after the other. Raises TookTooLong, MemoryError. Time in which a worker
    or another program is waited for is not counted. Time is bounded in the main thread alone, for signals go
    nowhere else, and by bounds that were made there.
    """

    def __init__(self, seconds: float, megabytes: int) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self._settled = 0  # bytes of this process, when last there was no garbage among them
        self._before = resource.getrlimit(resource.RLIMIT_DATA)
        self._timed = False
        self._memory = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._heard = _in_main_thread()
        if self._heard:  # for good: sessions may end in any order, and without it the signal kills
            signal.signal(signal.SIGPROF, _stop)

    def close(self) -> None:
        """Bound no more tests."""
        os.close(self._memory)

    def __enter__(self) -> None:
        self._before = _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = self._in_use() + (self.megabytes << 20)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        self._timed = self._heard and _in_main_thread()
        if self._timed:
            signal.setitimer(signal.ITIMER_PROF, self.seconds, 1.0)  # again, should one be lost
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

    def __exit__(self, *_: object) -> None:
        try:
            if self._timed:
                signal.setitimer(signal.ITIMER_PROF, 0)
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, self._before)

    def _in_use(self) -> int:
        """Bytes of this process that are in use.

        An error that holds itself keeps what a student returned until the collector comes by. It is called
        where much was added, or each test would begin where the one before it ended.
        """
        now = self._data_bytes()
        if now > self._settled + _LARGE:
            gc.collect()
            now = self._settled = self._data_bytes()
        self._settled = min(self._settled, now)
        return now

    def _data_bytes(self) -> int:
        # https://docs.kernel.org/filesystems/proc.html: the sixth number of statm is "data + stack", in pages
        return int(os.pread(self._memory, 200, 0).split()[5]) * _PAGE


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _stop(_: int, frame: FrameType | None) -> None:
    if not is_lost_in(frame):
        raise TookTooLong
