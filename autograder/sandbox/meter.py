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
_SHORT_S = 0.0005  # for which the kernel's counters are not worth asking, or asking again
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
        self._cpu_s = self._waited_s = 0.0
        self._short_s = self._short_own_s = 0.0  # of answers that are not told of yet
        self.held_up_s = 0.0  # since it last did anything, if something keeps it from that
        self._statistics = _opened(f"/proc/{pid}/schedstat")
        self._own_statistics = _opened("/proc/thread-self/schedstat")
        self._own_before, self._read_at = _read(self._own_statistics), self._since

    def resume(self) -> None:
        """Count passing time from now on; what the process did meanwhile by itself counts as well."""
        self._since, self._own_s = self._now(), time.thread_time()
        if self._since - self._read_at > _SHORT_S:
            self._own_before, self._read_at = _read(self._own_statistics), self._since

    def take(self) -> Use:
        """What was used since this was asked before."""
        now, own_s, cpu_s = self._now(), time.thread_time(), self._cpu()
        waited_s = _waited(_read(self._statistics), self._waited_s)
        own = _read(self._own_statistics)
        passed_s, worked_s = now - self._since, cpu_s - self._cpu_s
        # One of the two waits for the other: an answer that lies there while others run is nobody's time.
        own_before_s = _waited(self._own_before, 0.0)
        starved_s = waited_s - self._waited_s + _waited(own, own_before_s) - own_before_s
        helped_s = own_s - self._own_s
        short = self._short()
        use = Use(
            short.wall_s + passed_s, worked_s + helped_s, min(passed_s, starved_s), short.own_s + helped_s
        )
        self._since, self._own_s, self._cpu_s, self._waited_s = now, own_s, cpu_s, waited_s
        self._own_before, self._read_at = own, now
        if passed_s < _STILL_S or worked_s > 0 or not self._held_up():
            self.held_up_s = 0.0
            return use
        self.held_up_s += passed_s
        return replace(use, waited_s=passed_s)

    def finish(self) -> Use | None:
        """What an answer used, at its end; None for a short one, which is told together with later ones.

        To ask the kernel costs more than a short answer: of some that were short their passing time is told,
        and the rest with the next one that is not.
        """
        passed_s = self._now() - self._since
        if passed_s > _SHORT_S:
            return self.take()
        self._short_s += passed_s
        self._short_own_s += time.thread_time() - self._own_s
        return self._short() if self._short_s > _SHORT_S else None

    def _short(self) -> Use:
        """What the short answers used that were not reported yet."""
        use = Use(self._short_s, own_s=self._short_own_s)
        self._short_s = self._short_own_s = 0.0
        return use

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
            text = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return False
        return text.rpartition(") ")[2][:1] in tuple(_HELD_UP)


def _opened(path: str) -> int:
    with suppress(OSError):
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return -1


def _read(statistics: int) -> bytes:
    try:
        return os.pread(statistics, 100, 0)
    except OSError:  # this kernel does not tell, or it is closed
        return b""


def _waited(statistics: bytes, otherwise: float) -> float:
    """Seconds in which a thread was ready to run and others ran; `otherwise` where none are told."""
    try:
        # https://docs.kernel.org/scheduler/sched-stats.html: "time spent waiting on a runqueue", in ns
        return int(statistics.split()[1]) / 1e9
    except (LookupError, ValueError):
        return otherwise
