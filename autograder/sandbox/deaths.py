"""Whose fault the death of a worker was: its own code's only where there is evidence.

A worker can send itself no signal but SIGABRT (`inside/filters.py`). A signal that neither its own faults
nor its limits explain comes from outside: from an administrator, from a kernel that is short of memory, or
with the end of its zygote.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from enum import Enum

# Faults of the code itself, which nobody else sends; the filter ends who calls by a foreign number.
_OWN = (
    *(signal.SIGABRT, signal.SIGSEGV, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP),
    signal.SIGSYS,
)
# What code can bring about, and a machine as well: a file cut short under a mapping, a reader that is gone.
_EITHER = (signal.SIGBUS, signal.SIGPIPE, signal.SIGXFSZ)
_LIMITS = (signal.SIGXCPU, signal.SIGKILL)  # at the soft and the hard limit of processor time
_SLACK_S = 1.0  # the kernel looks at the limit at its ticks, and counts whole seconds


class Cause(Enum):
    """Who ended a worker."""

    OWN = "own"
    EITHER = "either"  # its own code, if the same happens in a fresh worker
    OUTSIDE = "outside"
    CPU = "cpu"  # its limit of processor time
    MEMORY = "memory"  # the limit of its control group


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a worker, as the kernel told it."""

    status: int  # wait status
    cpu_s: float = 0.0  # of user and system
    oom_kill: bool = False  # whether its own control group ran out of memory

    def cause(self, cpu_limit_s: float) -> Cause:
        """Who ended it, given how much processor time it was allowed."""
        if not os.WIFSIGNALED(self.status):
            return Cause.OWN
        number = os.WTERMSIG(self.status)
        if number == signal.SIGKILL and self.oom_kill:
            return Cause.MEMORY
        if number in _LIMITS and self.cpu_s >= cpu_limit_s - _SLACK_S:
            return Cause.CPU
        if number in _OWN:
            return Cause.OWN
        return Cause.EITHER if number in _EITHER else Cause.OUTSIDE

    @property
    def says(self) -> str:
        """For staff: "SIGKILL after 0.3 s of processor time"."""
        if not os.WIFSIGNALED(self.status):
            return f"exit status {os.waitstatus_to_exitcode(self.status)}"
        number = os.WTERMSIG(self.status)
        known = number in signal.Signals._value2member_map_
        name = signal.Signals(number).name if known else f"signal {number}"
        return f"{name} after {self.cpu_s:.1f} s of processor time"
