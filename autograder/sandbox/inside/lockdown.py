"""What a worker gives up before it sees a line of student code."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from . import landlock, seccomp
from .syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    drop_capabilities,
    prctl,
)

LAYERS = ("rlimits", "capabilities", "landlock", "seccomp")
_MIB = 1 << 20
_CPU_S = 3600  # a backstop; the grader's clock ends a test long before
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True)
class Prepared:
    """What can be made ready once, before any fork."""

    layers: tuple[str, ...]  # to be put on
    ruleset: int | None  # descriptor of the Landlock ruleset
    filters: dict[bool, bytes]  # whether threads are allowed -> the seccomp program
    address_space: int  # bytes this process has mapped


def prepare(layers: tuple[str, ...], readable: list[str]) -> Prepared:
    """Build ruleset and filter. Raises OSError where this machine has not what the layers need."""
    ruleset = None
    if "landlock" in layers:
        ruleset = landlock.make_ruleset(readable, [path for path in _DEVICES if Path(path).exists()])
    wanted = (True, False) if "seccomp" in layers else ()
    filters = {threads: seccomp.program(threads=threads) for threads in wanted}
    return Prepared(layers, ruleset, filters, _address_space())


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def lock_down(prepared: Prepared, memory_mb: int, *, threads: bool) -> None:
    """Put every layer on this process, for good. Raises OSError: then nothing of a student may run."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if "rlimits" in prepared.layers:
        _limit(prepared.address_space + memory_mb * _MIB)
    if "capabilities" in prepared.layers:
        prctl(PR_SET_DUMPABLE, 0)
        drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if prepared.ruleset is not None:
        landlock.restrict_self(prepared.ruleset)
        os.close(prepared.ruleset)
    if prepared.filters:
        seccomp.install(prepared.filters[threads])


def _limit(address_space: int) -> None:
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_CPU: _CPU_S,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_RTPRIO", "RLIMIT_NICE"):
        if hasattr(resource, name):
            limits[getattr(resource, name)] = 0
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lower, lower))
