"""Which system calls a worker may make, and with which arguments.

Numbers come from the kernel's tables for x86-64 and for the generic one that arm64 uses.

A worker can send itself SIGABRT, by abort(), and no other signal. Beside that, these of its own doings end
it by a signal: a processor's fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP), a call by a foreign number
(SIGSYS), a broken pipe (SIGPIPE), and its limits (SIGXCPU and then SIGKILL for processor time, SIGXFSZ).
Every other way in which the kernel sends a process SIGKILL is closed here or needs rights that a worker has
not: kill and its kin, timers, message queues and descriptors that send a chosen signal, a child that ends
with a chosen signal for its parent, the signal at a parent's death, seccomp's strict mode, a lowered limit
of processor time, a tracer that ends, control groups, and a kernel that runs out of memory, which the group
of a worker records.
"""

from __future__ import annotations

import signal
from functools import cache

from .seccomp import Call, Test, decide, program

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
_GUARDED = (
    Call(72, 25, (Test(1, (0, 1, 2, 3, 1030)),)),  # fcntl: DUPFD, GETFD, SETFD, GETFL, DUPFD_CLOEXEC
    Call(16, 29, (Test(1, (0x5401, 0x5451)),)),  # ioctl: TCGETS, which is isatty, and FIOCLEX
    Call(157, 167, (Test(0, (15, 16, 0x53564D41)),)),  # prctl: SET_NAME, GET_NAME, SET_VMA
)
_THREAD, _PARENT, _NEW_NAMESPACES, _SIGNAL = 0x00010000, 0x00008000, 0x7E020000, 0xFF  # of clone's flags
_NEW_THREAD = Call(56, 220, (Test(0, (_THREAD,), mask=_THREAD | _NEW_NAMESPACES),))
# prlimit64: to read limits of this process; the kernel kills who is past one, as if from outside
_READ_LIMITS = Call(302, 261, (Test(0, (0,)), Test(2, (0,)), Test(2, (0,), high=True)))


def listed(pid: int, *, threads: bool = True) -> bytes:
    """Filter of the worker `pid`, with or without new threads: what is not listed is refused.

    Raises OSError where there is none for this machine.
    """
    return program(_always_listed() + decide([*_own_abort(pid), *[_NEW_THREAD] * threads]), others=False)


def refusing(pid: int, *, sockets: bool = False) -> bytes:
    """Filter of the worker `pid` for a GPU: all but what reaches others, the network or the kernel.

    Without `sockets` it can connect to nobody: what it talks to was handed to it. What it starts runs under
    the same filter, and can send SIGABRT to the worker.
    """
    return program(_always_refused() + decide([*_own_abort(pid), *[_CONNECT] * (not sockets)]), others=True)


# What is the same for every worker is made ready once, before they are forked.
@cache
def _always_listed() -> bytes:
    return decide([*(Call(*numbers) for numbers in _PLAIN.values()), *_GUARDED, _READ_LIMITS])


@cache
def _always_refused() -> bytes:
    never = (Call(*numbers, tests=None) for numbers in _NEVER.values())
    return decide([*never, *_GUARDED_FOR_GPU, _READ_LIMITS])


def _own_abort(pid: int) -> list[Call]:
    """kill, tkill and tgkill, as far as they are abort() of this process."""
    own, abort = Test(0, (pid,)), int(signal.SIGABRT)
    return [
        Call(62, 129, (own, Test(1, (abort,)))),
        Call(200, 130, (own, Test(1, (abort,)))),  # of its first thread, whose number is the process's
        Call(234, 131, (own, Test(2, (abort,)))),
    ]


# name: (x86-64, arm64); refused also to a worker for a GPU, which needs too many others to list them
_NEVER: dict[str, tuple[int | None, int | None]] = {
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
    # what others of the same user share: by a number that can be guessed, nothing has to be opened first
    "shmctl": (31, 195), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "migrate_pages": (256, 238),
    "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30), "setpriority": (141, 140),
    "personality": (135, 92),
    # what is stopped between calls and killed in the end is the group that a worker leads; nobody leaves it
    "setsid": (112, 157), "setpgid": (109, 154),
    # what sends a signal of one's choice: SIGCONT would wake the group, SIGKILL look as if from outside
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
    "timer_create": (222, 107), "mq_notify": (244, 184), "setitimer": (38, 103), "alarm": (37, None),
    "setrlimit": (160, 164), "seccomp": (317, 277),
    "clone3": (435, 435),  # a filter does not see its flags; without it the C library takes clone
}  # fmt: skip
_CONNECT = Call(42, 203, None)
_AF_UNIX = 1
_GUARDED_FOR_GPU = (
    Call(41, 198, (Test(0, (_AF_UNIX,)),)),  # socket
    # fcntl: SETOWN, SETSIG, SETOWN_EX, SETLEASE, NOTIFY; ioctl: FIOSETOWN, SIOCSPGRP, FIOASYNC
    Call(72, 25, (Test(1, (8, 10, 15, 1024, 1026), among=False),)),
    Call(16, 29, (Test(1, (0x8901, 0x8902, 0x5452), among=False),)),
    # prctl: SET_PDEATHSIG, SET_DUMPABLE, SET_SECCOMP, SET_CHILD_SUBREAPER
    Call(157, 167, (Test(0, (1, 4, 22, 36), among=False),)),
    # clone, whose lowest byte is the signal that the parent gets when the child ends
    Call(56, 220, (Test(0, (0,), mask=_NEW_NAMESPACES | _PARENT), Test(0, (0, 17), mask=_SIGNAL))),
)
