"""A root folder of one's own, with what a worker may see and nothing else.

Other hand-ins, results and the course do not exist there, whoever may read them outside. It is made by
mounts, or, for root in a container that lets nobody mount, by links and copies.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from .syscalls import mount, own_mounts, own_network, own_users, pivot_root, unmount

_BIND, _REMOUNT, _PRIVATE, _ALL_BELOW = 0x1000, 0x20, 0x40000, 0x4000
_READ_ONLY, _NO_SUID, _NO_DEVICES = 1, 2, 4
_KEPT = 0xF | 0x400 | 0x800  # flags that a mount has and that who remounts it must not drop
_ROOM = b"size=4m,mode=755"
_OLD = Path("/old")


@dataclass(frozen=True)
class View:
    """What there is in a root."""

    readable: tuple[str, ...]
    writable: tuple[str, ...]  # as far as their rights go: devices, a folder of one's own
    rooms: tuple[str, ...] = ()  # empty folders to write into, gone with the last process that sees them


def can_mount(folder: str, *, one_user: bool, network: bool) -> bool:
    """Try to give this process mounts of its own, an empty one at `folder` among them; whether that worked.

    With `one_user` it may be the only user that it knows, and then needs no rights on most systems. With
    `network` it gets a network of its own as well.
    """
    try:
        if one_user and os.geteuid() != 0:
            own_users()
        if network:
            own_network()
        own_mounts()
        mount(None, "/", None, _PRIVATE | _ALL_BELOW)
        mount("none", folder, "tmpfs", 0, _ROOM)
    except OSError:
        return False
    return True


def enter_mounts(folder: str, view: View) -> None:
    """Make such a folder the root of this process and of those it forks. Raises OSError."""
    shown = {path: Path(path).resolve() for path in (*view.readable, *view.writable)}
    os.chdir(folder)
    Path("old").mkdir()
    pivot_root(".", "old")
    os.chdir("/")
    for room in view.rooms:
        Path(room).mkdir(parents=True)
        mount("none", room, "tmpfs", _NO_SUID | _NO_DEVICES, b"mode=1777")
    for path, real in sorted(shown.items(), key=lambda mount: len(Path(mount[0]).parts)):
        _show(Path(path), _OLD / real.relative_to("/"), read_only=path in view.readable)
    unmount(str(_OLD))
    _OLD.rmdir()
    mount(None, "/", None, _REMOUNT | _READ_ONLY)


def enter_copies(folder: str, view: View) -> None:
    """The same with an empty folder, for root. Nothing but the null device can be written to."""
    root = Path(folder)
    for path in map(Path, view.readable):
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


def _show(path: Path, source: Path, *, read_only: bool) -> None:
    """Mount what lies at `source` at a path, where an empty file or folder is made for it."""
    if source.is_dir():
        path.mkdir(parents=True, exist_ok=True)
    elif not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    mount(str(source), str(path), None, _BIND | _ALL_BELOW)
    kept = os.statvfs(source).f_flag & _KEPT
    mount(None, str(path), None, _BIND | _REMOUNT | kept | _READ_ONLY * read_only)


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
