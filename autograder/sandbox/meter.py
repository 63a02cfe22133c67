"""What a worker uses of its machine, as the kernel counts it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .clock import Use

_HELD_UP = "TtD"  # stopped from outside, or waiting for a disk: no doing of code that may not write
_SHORT_S = 0.0005  # in which the kernel's counters are not worth asking
_STILL_S = 0.1  # without any use, from which it is asked what the process does


class Meter:
    """Counts a process from its birth on, and what this thread does for it between `resume` and `take`.

    Where the kernel does not tell, only passing time counts.
    """

    def __init__(self, pid: int, now: Callable[[], float] = time.monotonic) -> None:
        self._pid = pid
        self._now = now
        self._cpu_clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) makes it
        self._since, self._own_s = now(), time.thread_time()
        self._cpu_s = self._waited_s = self._own_waited_s = 0.0
        self.held_up_s = 0.0  # since it last did anything, if something keeps it from that
        self._statistics = _opened(f"/proc/{pid}/schedstat")
        self._own_statistics = _opened("/proc/thread-self/schedstat")

    def resume(self) -> None:
        """Count passing time from now on; what the process did meanwhile by itself counts as well."""
        self._since, self._own_s = self._now(), time.thread_time()
        self._own_waited_s = _waited(self._own_statistics, self._own_waited_s)

    def take(self) -> Use:
        """What was used since this was asked before."""
        now, own_s, cpu_s = self._now(), time.thread_time(), self._cpu()
        waited_s = _waited(self._statistics, self._waited_s)
        own_waited_s = _waited(self._own_statistics, self._own_waited_s)
        passed_s, worked_s = now - self._since, cpu_s - self._cpu_s
        # One of the two waits for the other: an answer that lies there while others run is nobody's time.
        starved_s = waited_s - self._waited_s + own_waited_s - self._own_waited_s
        helped_s = own_s - self._own_s
        use = Use(passed_s, worked_s + helped_s, min(passed_s, starved_s), helped_s)
        self._own_waited_s = own_waited_s
        self._since, self._own_s, self._cpu_s, self._waited_s = now, own_s, cpu_s, waited_s
        if passed_s < _STILL_S or worked_s > 0 or not self._held_up():
            self.held_up_s = 0.0
            return use
        self.held_up_s += passed_s
        return replace(use, waited_s=passed_s)

    def finish(self) -> Use:
        """As `take`, at the end of an answer. Of a short one what the kernel tells comes with a later one."""
        passed_s = self._now() - self._since
        return self.take() if passed_s > _SHORT_S else Use(passed_s, own_s=time.thread_time() - self._own_s)

    def close(self) -> None:
        """Count no more."""
        for descriptor in (self._statistics, self._own_statistics):
            if descriptor >= 0:
                os.close(descriptor)
        self._statistics = self._own_statistics = -1

    def _cpu(self) -> float:
        try:
            return time.clock_gettime(self._cpu_clock)
        except OSError:  # it is gone, or this kernel does not count
            return self._cpu_s

    def _held_up(self) -> bool:
        try:
            found = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return False
        return found.rpartition(") ")[2][:1] in tuple(_HELD_UP)


def _opened(path: str) -> int:
    with suppress(OSError):
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return -1


def _waited(statistics: int, before: float) -> float:
    """Seconds in which a thread was ready to run and others ran; `before` where the kernel does not tell."""
    try:
        # https://docs.kernel.org/scheduler/sched-stats.html: "time spent waiting on a runqueue", in ns
        return int(os.pread(statistics, 100, 0).split()[1]) / 1e9
    except (OSError, LookupError, ValueError):
        return before
