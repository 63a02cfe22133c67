"""Landlock: what of the file system a process may open.

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from .syscalls import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION_FLAG, _PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15  # also ioctl of devices
_FILE_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # number of rights known; 16 from ABI 5
_TCP_BOTH = 0b11  # bind, connect
_SCOPE_SOCKETS, _SCOPE_SIGNALS = 0b01, 0b10  # abstract sockets only


def abi() -> int:
    """Version of the kernel's Landlock, 0 where there is none."""
    try:
        return syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    except OSError:
        return 0


def make_ruleset(
    readable: Iterable[str],
    writable: Iterable[str],
    executable: Iterable[str] = (),
    own: Iterable[str] = (),
    *,
    sockets: bool = False,
) -> int:
    """Descriptor of a ruleset that allows reading beneath `readable` and writing to the files `writable`.

    Beneath `executable` it allows starting programs too, and beneath `own` everything.

    Everything else that this kernel's Landlock can refuse is refused: the file system, TCP (ABI 4),
    signals and, unless `sockets`, abstract sockets outside (ABI 6). Raises OSError where there is no
    Landlock.
    """
    version = abi()
    fields = [_rights_known()]
    if version >= 4:
        fields.append(_TCP_BOTH)
    if version >= 6:
        fields.append(_SCOPE_SIGNALS if sockets else _SCOPE_SIGNALS | _SCOPE_SOCKETS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    for path in readable:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for path in writable:
        _allow(ruleset, path, READ_FILE | WRITE_FILE)
    for path in executable:
        _allow(ruleset, path, EXECUTE | READ_FILE | READ_DIR)
    for path in own:
        _allow(ruleset, path, fields[0] & ~EXECUTE)
    return ruleset


def allow_own_threads(ruleset: int) -> None:
    """Allow this process to name its threads by writing to /proc/self/task/<thread>/comm."""
    # Open as long as the process lives: else the kernel may forget the folder's inode, and with the next
    # look make another, which no rule names.
    descriptor = os.open("/proc/self/task", os.O_PATH | os.O_CLOEXEC)
    _add_rule(ruleset, descriptor, (READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE) & _rights_known())


def _rights_known() -> int:
    """All rights to files that this kernel's Landlock knows."""
    return int((1 << _FILE_RIGHTS_BY_ABI.get(abi(), 16)) - 1)


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not Path(path).is_dir():
        rights &= _OF_FILES
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _add_rule(ruleset, descriptor, rights)
    finally:
        os.close(descriptor)


def _add_rule(ruleset: int, descriptor: int, rights: int) -> None:
    rule = struct.pack("=Qi", rights, descriptor)
    syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))


def restrict_self(ruleset: int) -> None:
    """Put this process under the ruleset for good; needs no_new_privs. Raises OSError."""
    syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
