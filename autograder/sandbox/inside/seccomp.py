"""Seccomp: which system calls a process may make. An allow-list; everything else fails with ENOSYS.

man 2 seccomp; numbers from the kernel's tables for x86-64 and for the generic one that arm64 uses.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from .syscalls import MACHINE, PR_SET_SECCOMP, prctl

_FILTER_MODE = 2
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER_EQUAL, _RETURN, _AND = 0x20, 0x15, 0x45, 0x35, 0x06, 0x54
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x00010000

# name: (x86-64, arm64); None where an architecture has no such call
_PLAIN: dict[str, tuple[int | None, int | None]] = {
    # reading files and directories; Landlock decides which
    "open": (2, None), "openat": (257, 56), "close": (3, 57), "read": (0, 63), "pread64": (17, 67),
    "readv": (19, 65), "lseek": (8, 62), "stat": (4, None), "lstat": (6, None), "fstat": (5, 80),
    "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78), "getdents64": (217, 61),
    "getcwd": (79, 17), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    # prints and replies
    "write": (1, 64), "writev": (20, 66), "poll": (7, None), "ppoll": (271, 73), "select": (23, None),
    "pselect6": (270, 72),
    # memory
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "madvise": (28, 233),
    # threads of this process, and its end
    "futex": (202, 98), "set_robust_list": (273, 99), "set_tid_address": (218, 96), "rseq": (334, 293),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "membarrier": (324, 283),
    "arch_prctl": (158, None), "exit": (60, 93), "exit_group": (231, 94),
    # signals to oneself, handled
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    # clocks and chance
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "times": (100, 153), "getrandom": (318, 278),
    # what a process may know of itself
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160),
    "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179),
    "restart_syscall": (219, 128),
}  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """A call allowed only where one argument has one of some values, or has all bits of a mask."""

    numbers: tuple[int | None, int | None]
    argument: int  # index
    values: tuple[int, ...] = ()
    mask: int = 0


_GUARDED = {
    "clone": Allowed((56, 220), 0, mask=_CLONE_THREAD),  # a thread, never a process
    "fcntl": Allowed((72, 25), 1, values=(0, 1, 2, 3, 1030)),  # DUPFD, GETFD, SETFD, GETFL, DUPFD_CLOEXEC
    "ioctl": Allowed((16, 29), 1, values=(0x5401, 0x5451)),  # TCGETS: isatty; FIOCLEX
    "prctl": Allowed((157, 167), 0, values=(15, 16, 0x53564D41)),  # SET_NAME, GET_NAME, SET_VMA
    "prlimit64": Allowed((302, 261), 0, values=(0,)),  # of this process only
}

_Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def program(*, threads: bool = True) -> bytes:
    """The filter of this machine's architecture, with or without new threads.

    Raises OSError where none is written for it.
    """
    if MACHINE not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no system call filter is written for {MACHINE}")
    column = 0 if MACHINE == "x86_64" else 1
    found: list[_Instruction] = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[MACHINE]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    for numbers in _PLAIN.values():
        number = numbers[column]
        if number is not None:
            found += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for name, guarded in _GUARDED.items():
        if threads or name != "clone":
            found += _guard(guarded, column)
    found.append((_RETURN, 0, 0, _ERRNO | errno.ENOSYS))
    return b"".join(struct.pack("=HBBI", *each) for each in found)


# name: (x86-64, arm64); refused also to a worker for a GPU, which needs too many others to list them
_NEVER: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "open_by_handle_at": (304, 265),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "mount_setattr": (442, 442),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224), "syslog": (103, 116),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170),
    "sched_setaffinity": (203, 122), "setpriority": (141, 140), "personality": (135, 92),
    # what is stopped between calls and killed in the end is the group that a worker leads; nobody leaves it
    "setsid": (112, 157), "setpgid": (109, 154),
    "timer_create": (222, 107),  # it can send SIGCONT, which wakes the group
}  # fmt: skip
_SOCKET, _AF_UNIX = (41, 198), 1
_FCNTL, _SETSIG = (72, 25), 10  # as timer_create


def refusals() -> bytes:
    """The filter of a worker for a GPU: everything but what reaches others, the network or the kernel."""
    if MACHINE not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no system call filter is written for {MACHINE}")
    column = 0 if MACHINE == "x86_64" else 1
    found: list[_Instruction] = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[MACHINE]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    for numbers in _NEVER.values():
        found += [(_JUMP_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    found += _guard(Allowed(_SOCKET, 0, values=(_AF_UNIX,)), column)
    # Other processes' limits: argument 0 is the process.
    found += _guard(_GUARDED["prlimit64"], column)
    found += [
        (_JUMP_EQUAL, 0, 4, _FCNTL[column]),
        (_LOAD, 0, 0, 16 + 8),  # argument 1, the command
        (_JUMP_EQUAL, 0, 1, _SETSIG),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_RETURN, 0, 0, _ALLOW),
    ]
    found.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *each) for each in found)


def _guard(call: Allowed, column: int) -> list[_Instruction]:
    number = call.numbers[column]
    if number is None:
        return []
    offset = 16 + 8 * call.argument  # low half of seccomp_data.args[i], little-endian
    refuse: _Instruction = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    allow: _Instruction = (_RETURN, 0, 0, _ALLOW)
    body: list[_Instruction] = [(_LOAD, 0, 0, offset)]
    if call.mask:
        body += [(_AND, 0, 0, call.mask), (_JUMP_EQUAL, 0, 1, call.mask), allow]
    for value in call.values:
        body += [(_JUMP_EQUAL, 0, 1, value), allow]
    body.append(refuse)
    return [(_JUMP_EQUAL, 0, len(body), number), *body]


def install(filter_bytes: bytes) -> None:
    """Put this thread under the filter for good; needs no_new_privs. Raises OSError."""
    code = ctypes.create_string_buffer(filter_bytes, len(filter_bytes))
    header = struct.pack("=HxxxxxxQ", len(filter_bytes) // 8, ctypes.addressof(code))
    prctl(PR_SET_SECCOMP, _FILTER_MODE, ctypes.create_string_buffer(header, len(header)))
