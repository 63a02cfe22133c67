"""System calls that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

MACHINE = platform.machine()

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
_LIBC.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_NUMBERS = {
    "x86_64": {"capset": 126, "pivot_root": 155},
    "aarch64": {"capset": 91, "pivot_root": 41},
}.get(MACHINE, {})

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522
_NEW_MOUNTS, _NEW_USERS, _NEW_NETWORK = 0x00020000, 0x10000000, 0x40000000
_DETACH = 2


def syscall(number: int, *args: object) -> int:
    """Result of a system call. Raises OSError."""
    result: int = _LIBC.syscall(ctypes.c_long(number), *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def prctl(option: int, argument: int, more: ctypes.Array[ctypes.c_char] | None = None) -> None:
    """Change an attribute of this process. Raises OSError."""
    if _LIBC.prctl(option, argument, more, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def drop_capabilities() -> None:
    """Leave this process without any capability, so that even root may only what its files allow."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(_NUMBERS["capset"], ctypes.byref(header), ctypes.byref(nothing))


def own_mounts() -> None:
    """Give this process mounts of its own. Raises OSError."""
    _check(_LIBC.unshare(_NEW_MOUNTS), "own mounts")


def own_network() -> None:
    """Give this process a network of its own, in which there is nobody. Raises OSError."""
    _check(_LIBC.unshare(_NEW_NETWORK), "own network")


def own_users() -> None:
    """Give this process a namespace in which it may mount, and is the only user. Raises OSError."""
    user, group = os.getuid(), os.getgid()
    _check(_LIBC.unshare(_NEW_USERS), "own users")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def mount(
    source: str | None, target: str, kind: str | None, flags: int, options: bytes | None = None
) -> None:
    """Make, change or move a mount, see man 2 mount. Raises OSError."""
    names = [None if name is None else os.fsencode(name) for name in (source, target, kind)]
    _check(_LIBC.mount(*names, flags, options), f"mount {target}")


def unmount(target: str) -> None:
    """Take a mount away once nobody uses it. Raises OSError."""
    _check(_LIBC.umount2(os.fsencode(target), _DETACH), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root; the root of before lies at `old`. Raises OSError."""
    syscall(_NUMBERS["pivot_root"], os.fsencode(new), os.fsencode(old))


def _check(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
