"""Control groups: what a worker and all that it starts may use together, and what the kernel killed it for.

https://docs.kernel.org/admin-guide/cgroup-v2.html, and version 1, which older machines still have.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import SandboxError

_CONTROLLERS = ("memory", "pids", "cpu")
_MIB = 1 << 20
_PROCESSES = 64  # and threads, of one worker
# Of a worker for a GPU: the driver takes memory of the machine, and starts threads and a compiler.
_GPU_MB, _GPU_PROCESSES = 16_384, 512
_PERIOD_US = 100_000
_PREFIX = "dlc-worker-"
_FIRST_UID, _UIDS = 60_000, 5_000  # of workers, none of which is anybody's; containers map up to 65,535
_STALE_S = 60  # an empty group of that age is left over from a grader that was killed
_BUSY_S = 2.0  # for the kernel to forget processes that have ended


class Group:
    """One worker's group, in one folder of version 2 or in a folder for each controller of version 1.

    `uid` is a user that no other worker of this machine runs as.
    """

    def __init__(self, uid: int, folders: Mapping[str, Path], *, for_gpu: bool = False) -> None:
        self.uid = uid
        self._for_gpu = for_gpu
        self._memory, self._pids, self._cpu = (folders[name] for name in _CONTROLLERS)
        self._folders = dict.fromkeys(folders.values())
        self._second = len(self._folders) == 1

    def hold(self, pidfd: int, memory_mb: int, *, threads: bool) -> None:
        """Put a process, with all that it starts from now on, into the group, and limit what they use.

        `memory_mb` is above what the process has: pages that it shares with others count once it changes
        them. Without threads of its own it gets one core. Nothing happens to a process that is gone.
        Raises SandboxError.
        """
        pid = _number(pidfd)
        spare_mb = memory_mb + _GPU_MB * self._for_gpu
        cores = (os.cpu_count() or 1) if threads or self._for_gpu else 1
        with suppress(FileNotFoundError, ProcessLookupError):
            memory = _resident(pid) + spare_mb * _MIB
            self._enclose(pid, memory, cores)

    def _enclose(self, pid: int, memory: int, cores: int) -> None:
        try:
            self._limit(memory, cores)
            for folder in self._folders:
                _write(folder / "cgroup.procs", pid)
        except ProcessLookupError:
            raise
        except OSError as error:
            raise SandboxError(f"a control group cannot hold a worker: {error}") from error

    def _limit(self, memory: int, cores: int) -> None:
        quota = cores * _PERIOD_US
        _write(self._pids / "pids.max", _GPU_PROCESSES if self._for_gpu else _PROCESSES)
        if self._second:
            _write(self._memory / "memory.max", memory)
            if (self._memory / "memory.swap.max").exists():
                _write(self._memory / "memory.swap.max", 0)
            _write(self._cpu / "cpu.max", f"{quota} {_PERIOD_US}")
        else:
            _write(self._memory / "memory.limit_in_bytes", memory)
            _write(self._cpu / "cpu.cfs_quota_us", quota)

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed something in it and the group had reached its own limit.

        Where only the whole machine had no memory left, that is nobody's fault here.
        """
        if self._second:
            events = _counts(self._memory / "memory.events")
            return events["oom_kill"] > 0 and events["max"] > 0
        reached = int((self._memory / "memory.failcnt").read_text(encoding="ascii"))
        return _counts(self._memory / "memory.oom_control")["oom_kill"] > 0 and reached > 0

    def close(self) -> None:
        """Take it away; its processes have ended."""
        for folder in self._folders:
            deadline = time.monotonic() + _BUSY_S
            while not _removed(folder) and time.monotonic() < deadline:
                time.sleep(0.005)


class Groups:
    """Where groups are made on this machine, if they can be. Raises SandboxError with what is missing."""

    def __init__(self, parents: Mapping[str, Path] | None = None, *, for_gpu: bool = False) -> None:
        self._for_gpu = for_gpu
        self._parents = parents or find_parents()
        for parent in dict.fromkeys(self._parents.values()):
            for left in parent.glob(_PREFIX + "*"):
                with suppress(OSError):
                    if time.time() - left.stat().st_mtime > _STALE_S:
                        left.rmdir()

    def new(self) -> Group:
        """An empty group. Its folder is named after its user, so that nobody else can take the same one."""
        for uid in self._numbers():
            folders = {name: parent / f"{_PREFIX}{uid}" for name, parent in self._parents.items()}
            try:
                folders["memory"].mkdir()
            except FileExistsError:
                continue
            except OSError as error:
                raise SandboxError(f"no control group can be made: {error}") from error
            for folder in folders.values():
                folder.mkdir(exist_ok=True)
            return Group(uid, folders, for_gpu=self._for_gpu)
        raise SandboxError(f"{_UIDS} workers run on this machine, and no more users are left for another")

    @staticmethod
    def _numbers() -> Iterator[int]:
        start = random.SystemRandom().randrange(_UIDS)  # so that graders side by side seldom try the same
        return (_FIRST_UID + (start + step) % _UIDS for step in range(_UIDS))


def find_parents() -> dict[str, Path]:
    """Controller -> folder in which groups with it can be made. Raises SandboxError."""
    mounts, own = _mounts(), dict(_own_paths())
    if "" in mounts:
        for folder in _upwards(*mounts[""], own.get("", "/")):
            given = _words(folder / "cgroup.subtree_control")
            if set(_CONTROLLERS) <= given and os.access(folder, os.W_OK):
                return dict.fromkeys(_CONTROLLERS, folder)
    if lacking := [name for name in _CONTROLLERS if name not in mounts]:
        raise SandboxError(
            f"no control groups for {' and '.join(lacking)} can be made; use cgroup v2 with memory, pids and "
            "cpu in a cgroup.subtree_control, and in a container a /sys/fs/cgroup that root may write"
        )
    parents = {name: next(_upwards(*mounts[name], own.get(name, "/"))) for name in _CONTROLLERS}
    if closed := [folder for folder in parents.values() if not os.access(folder, os.W_OK)]:
        raise SandboxError(
            f"no control group can be made in {closed[0]}; run as root, where it can be written"
        )
    return parents


def _mounts() -> dict[str, tuple[Path, str]]:
    """Controller, or "" for version 2 -> where it is mounted, and which group that is."""
    mounts = {}
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        root, place = before.split()[3:5]
        kind, _, options = after.split()[:3]
        if kind == "cgroup2":
            mounts[""] = (Path(place), root)
        elif kind == "cgroup":
            mounts |= {name: (Path(place), root) for name in options.split(",") if name in _CONTROLLERS}
    return mounts


def _own_paths() -> Iterator[tuple[str, str]]:
    """Controller, or "" for version 2 -> group of this process."""
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        yield from ((name, path) for name in controllers.split(","))


def _upwards(place: Path, root: str, path: str) -> Iterator[Path]:
    """Folder of a group, and of those that hold it, as far as they are mounted."""
    inside = Path(path).relative_to(root) if Path(path).is_relative_to(root) else Path()
    for folder in (inside, *inside.parents):
        if ".." not in folder.parts and (place / folder).is_dir():
            yield place / folder


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text(encoding="ascii").split())
    except OSError:
        return set()


def _counts(path: Path) -> dict[str, int]:
    """A file of names with numbers."""
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {name: int(value) for name, value in lines}


def _write(path: Path, value: int | str) -> None:
    path.write_text(str(value), encoding="ascii")


def _number(pidfd: int) -> int:
    """Number of a process as this one sees it; -1 of one that is gone."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def _resident(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
