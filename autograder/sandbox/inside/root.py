"""A root folder of one's own, with what a worker may read and nothing else, for kernels without Landlock.

Other hand-ins, results and the course do not exist there, whoever may read them outside. Root can make one
by mounts, or, in a container that lets nobody mount, by links and copies.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from .syscalls import mount, pivot_root, unmount, unshare_mounts

_BIND, _REMOUNT, _PRIVATE, _ALL_BELOW = 0x1000, 0x20, 0x40000, 0x4000
_READ_ONLY = 1
_KEPT = 0xF | 0x400 | 0x800  # flags that a mount has and that who remounts it must not drop
_ROOM = b"size=4m,mode=755"


def enter(folder: str, paths: Iterable[str], devices: Iterable[str]) -> None:
    """Make `folder`, which is empty, the root of this process and of those it forks.

    Raises OSError where this process may neither mount nor change its root.
    """
    shown = [Path(path) for path in paths]
    try:
        _enter_mounts(folder, shown, [Path(path) for path in devices])
    except PermissionError:
        _enter_copies(folder, shown)


def _enter_mounts(folder: str, shown: list[Path], devices: list[Path]) -> None:
    unshare_mounts()
    mount(None, "/", None, _PRIVATE | _ALL_BELOW)
    mount("none", folder, "tmpfs", 0, _ROOM)
    os.chdir(folder)
    Path("old").mkdir()
    pivot_root(".", "old")
    os.chdir("/")
    for path in [*shown, *devices]:
        target, source = _like(path, Path("/old")), f"/old{path}"
        mount(source, str(target), None, _BIND)
        kept = os.statvfs(source).f_flag & _KEPT
        mount(None, str(target), None, _BIND | _REMOUNT | kept | (0 if path in devices else _READ_ONLY))
    unmount("/old")
    Path("/old").rmdir()
    mount(None, "/", None, _REMOUNT | _READ_ONLY)


def _like(path: Path, old: Path) -> Path:
    """An empty file or folder at a path, as there is one beneath `old`."""
    if (old / path.relative_to("/")).is_dir():
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return path


def _enter_copies(folder: str, shown: list[Path]) -> None:
    root = Path(folder)
    for path in shown:
        target = root / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, symlinks=True, copy_function=_link, dirs_exist_ok=True)
        else:
            _link(str(path), str(target))
    (root / "dev").mkdir(exist_ok=True)
    _nothing(root / "dev/null")
    root.chmod(0o755)
    os.chroot(folder)
    os.chdir("/")


def _nothing(path: Path) -> None:
    """The device null; where nobody may make devices an empty file, which is read as that is."""
    try:
        os.mknod(path, stat.S_IFCHR, os.makedev(1, 3))
        path.chmod(0o666)
    except OSError:
        path.touch()


def _link(source: str, target: str) -> None:
    if Path(target).exists():
        return
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copyfile(source, target)
