"""What a worker gives up before it sees a line of student code."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from . import filters, landlock, seccomp
from .root import View, can_mount, enter_copies, enter_mounts
from .syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    drop_capabilities,
    prctl,
)

LAYERS = ("rlimits", "own_root", "own_uid", "capabilities", "landlock", "seccomp")
_MIB = 1 << 20
CPU_S = 3600  # a backstop; the grader's clock ends a test long before
_GPU_FILE_MB = 512  # MiB of one file: shared memory and what a compiler leaves
_FIRST_UID, _UIDS = 60_000, 5_000  # of workers, none of which is anybody's; containers map up to 65,535
_SHARED_MEMORY = "/dev/shm"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True)
class Prepared:
    """What can be made ready once, before any fork."""

    layers: tuple[str, ...]  # to be put on
    ruleset: int | None  # descriptor of the Landlock ruleset
    address_space: int  # bytes this process has mapped
    for_gpu: bool = False
    sockets: bool = False  # whether it may connect to local sockets
    apart: bool = False  # whether it has a root of its own


def prepare(
    layers: tuple[str, ...],
    readable: list[str],
    executable: list[str] | None = None,
    scratch: str = "",
    folder: str = "",
    *,
    sockets: bool = False,
) -> Prepared:
    """Make `folder`, where one is named, the root of this process, and build the ruleset.

    Raises OSError where this machine lacks what the layers need.
    A worker with a `scratch` folder is one for a GPU: it may write there, use the GPU's devices, start
    programs among `executable` and threads, and its address space is not limited, for the driver maps more
    of it than there is memory. With `sockets` it may connect to local ones, over which some drivers share
    memory, and has the network of the grader. Landlock still says which files it may open; of system calls
    only those are refused that reach other processes, the network or the kernel's own affairs, and those by
    which a process would leave its group.
    """
    ruleset, space, devices = None, _address_space(), [path for path in _DEVICES if Path(path).exists()]
    own, programs = _gpu_paths(scratch), executable or []
    seen = ([*readable, *programs], [*devices, *own])
    apart = bool(folder) and _take_root(folder, *seen, for_gpu=bool(scratch), sockets=sockets)
    if "landlock" in layers:
        ruleset = landlock.make_ruleset(readable, devices, programs, own, sockets=sockets)
    prepared = Prepared(layers, ruleset, space, bool(scratch), sockets, apart)
    if "seccomp" in layers:
        _filter(prepared, threads=True)  # raises here rather than in each worker
    return prepared


def _take_root(
    folder: str, readable: list[str], writable: list[str], *, for_gpu: bool, sockets: bool
) -> bool:
    """Whether this process now has a root of its own. A worker for a GPU has Landlock if it has none."""
    rooms = (_SHARED_MEMORY, "/tmp") if for_gpu else ()
    # What is in /proc has rights of its own; the driver names its threads there.
    seen = [path for path in readable if path != "/proc"]
    changed = [path for path in writable if path not in rooms] + ["/proc"] * for_gpu
    view = View(tuple(seen), tuple(changed), rooms)
    if can_mount(folder, one_user=for_gpu, network=not sockets):
        enter_mounts(folder, view)
    elif for_gpu:
        return False
    else:
        enter_copies(folder, view)
    return True


def _gpu_paths(scratch: str) -> list[str]:
    """What a worker for a GPU may do everything with."""
    return [scratch, _SHARED_MEMORY, *map(str, Path("/dev").glob("nvidia*"))] if scratch else []


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def lock_down(prepared: Prepared, memory_mb: int, *, threads: bool, uid: int) -> None:
    """Put every layer on this process, for good; `uid` is a user of its own, 0 to choose one here.

    Raises OSError: then nothing of a student may run.
    """
    os.setsid()
    if "own_uid" in prepared.layers:
        _become(uid or _FIRST_UID + os.getpid() % _UIDS)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the uid, whose change takes it away
    if "rlimits" in prepared.layers:
        if prepared.for_gpu:
            _limit(resource.RLIM_INFINITY, files=_GPU_FILE_MB * _MIB, descriptors=1024)
        else:
            _limit(prepared.address_space + memory_mb * _MIB, files=0, descriptors=64)
    if "capabilities" in prepared.layers:
        prctl(PR_SET_DUMPABLE, 0)
        drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if prepared.ruleset is not None:
        if prepared.for_gpu:  # CUDA's driver does not start where it cannot name its threads
            landlock.allow_own_threads(prepared.ruleset)
        landlock.restrict_self(prepared.ruleset)
        os.close(prepared.ruleset)
    if "seccomp" in prepared.layers:
        seccomp.install(_filter(prepared, threads=threads))


def _filter(prepared: Prepared, *, threads: bool) -> bytes:
    """The filter of this process."""
    if prepared.for_gpu:
        return filters.refusing(os.getpid(), sockets=prepared.sockets)
    return filters.listed(os.getpid(), threads=threads)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _limit(address_space: int, *, files: int, descriptors: int) -> None:
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_FSIZE: files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: descriptors,
    }
    if address_space != resource.RLIM_INFINITY:
        limits[resource.RLIMIT_MEMLOCK] = 0  # a GPU's driver pins memory
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_RTPRIO", "RLIMIT_NICE"):
        if hasattr(resource, name):
            limits[getattr(resource, name)] = 0
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        if value == resource.RLIM_INFINITY:
            continue
        lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lower, lower))
