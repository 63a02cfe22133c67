"""Attacks that student code might try. Each must fail inside, and each succeeds where no layer is on.

A probe is student code with a function `attack(stage)` that returns True when the attack succeeded.
Every one is bounded and harmless where it succeeds.
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model import Limits
from ..studentkit.kinds import StudentError
from .plan import LoadPlan
from .remote import Remote
from .sandbox import Sandbox

SECRET = "expected value 42"

_PRELUDE = '''
import ctypes, os, platform, socket, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"


def syscall(x86, arm, *args):
    """Result of a system call; OSError where it fails."""
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(arm if ARM else x86), *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def attack(stage):
'''


@dataclass(frozen=True)
class Probe:
    """One attack."""

    name: str
    code: str  # body of attack(stage)

    @property
    def module(self) -> str:
        """Text of the student's module."""
        return _PRELUDE + "".join(f"    {line}\n" for line in self.code.strip().splitlines())


# Reading what is hidden
_READ = {
    "read-hidden-test": "return 'expected value' in open(stage['hidden']).read()",
    "read-through-a-link": "return 'expected value' in open(stage['link']).read()",
    "read-with-another-call": "return b'expected' in os.pread(os.open(stage['hidden'], os.O_RDONLY), 99, 0)",
    "list-hidden-folder": "return 'hidden.py' in os.listdir(os.path.dirname(stage['hidden']))",
    "watch-hidden-folder": "return syscall(294, 26, 0) >= 0",
    "read-password-file": "return 'root' in open('/etc/passwd').read()",
    "read-environment-of-grader": "return bool(open('/proc/%d/environ' % stage['pid'], 'rb').read(9))",
    "open-memory-of-grader": "return os.open('/proc/%d/mem' % stage['pid'], os.O_RDONLY) >= 0",
    "list-processes": "return str(stage['pid']) in os.listdir('/proc')",
    "list-installed-packages": "import numpy\nreturn len(os.listdir(os.path.dirname(numpy.__path__[0]))) > 0",
    "import-hidden-graders": (
        "sys.path.insert(0, stage['checkout'])\nimport autograder.model as m\nreturn m.SCHEMA_VERSION > 0"
    ),
    "read-kernel-log": "return syscall(103, 116, 10, None, 0) >= 0",
    "copy-memory-of-grader": """
buffer = ctypes.create_string_buffer(8)
class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]
here, there = Piece(ctypes.addressof(buffer), 8), Piece(stage['address'], 8)
return syscall(310, 270, stage['pid'], ctypes.byref(here), 1, ctypes.byref(there), 1, 0) == 8
""",
}

# Changing what counts
_WRITE = {
    "overwrite-results": "open(stage['results'], 'w').close()\nreturn True",
    "append-to-results": "return os.open(stage['results'], os.O_WRONLY | os.O_APPEND) >= 0",
    "truncate-results": "os.truncate(stage['results'], 0)\nreturn True",
    "delete-results": "os.unlink(stage['results'])\nreturn True",
    "rename-results": "os.rename(stage['results'], stage['results'] + '.old')\nreturn True",
    "make-results-writable": "os.chmod(stage['results'], 0o777)\nreturn True",
    "own-results": "os.chown(stage['results'], os.getuid(), os.getgid())\nreturn True",
    "backdate-results": "os.utime(stage['results'], (0, 0))\nreturn True",
    "mark-results": "os.setxattr(stage['results'], b'user.mark', b'1')\nreturn True",
    "link-to-hidden-test": "os.link(stage['hidden'], stage['folder'] + '/hard')\nreturn True",
    "make-a-link": "os.symlink('/etc/passwd', stage['folder'] + '/soft')\nreturn True",
    "make-a-folder": "os.mkdir(stage['folder'] + '/new')\nreturn True",
    "make-a-pipe": "os.mkfifo(stage['folder'] + '/pipe')\nreturn True",
    "make-a-file": "open(stage['folder'] + '/file', 'x').close()\nreturn True",
    "make-a-temporary-file": "import tempfile\ntempfile.TemporaryFile().close()\nreturn True",
    "make-a-file-in-shared-memory": (
        "path = '/dev/shm/probe-%d' % os.getpid()\nopen(path, 'x').close()\nos.unlink(path)\nreturn True"
    ),
    "make-a-file-in-memory": "return os.memfd_create('probe') >= 0",
    "share-memory-that-outlives-us": (
        "number = syscall(29, 194, 0, 4096, 0o1600)\nlibc.shmctl(number, 0, None)\nreturn True"
    ),
    "open-a-message-queue": """
name = b'probe-%d' % os.getpid()
syscall(240, 180, name, os.O_CREAT | os.O_RDWR, 0o600, None)
syscall(241, 181, name)
return True
""",
}

# Reaching others
_NETWORK = {
    "connect-by-tcp": "socket.create_connection(('127.0.0.1', stage['port']), 2).close()\nreturn True",
    "listen-on-tcp": "s = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nreturn True",
    "send-by-udp": (
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', stage['port']))\nreturn True"
    ),
    "connect-to-a-local-socket": "socket.socket(socket.AF_UNIX).connect(stage['socket'])\nreturn True",
    "connect-to-an-abstract-socket": (
        "socket.socket(socket.AF_UNIX).connect('\\0' + stage['abstract'])\nreturn True"
    ),
    "talk-to-the-kernel-by-netlink": (
        "return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).fileno() >= 0"
    ),
    "open-a-socketpair": "return len(socket.socketpair()) == 2",
    "resolve-a-name": "return bool(socket.getaddrinfo('localhost', 80))",
}

# Starting or steering processes
_PROCESS = {
    "fork": "pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreturn True",
    "run-a-command": "return subprocess.run(['/bin/true']).returncode == 0",
    "run-a-shell": "return os.system('true') == 0",
    "spawn": "pid = os.posix_spawn('/bin/true', ['true'], {})\nos.waitpid(pid, 0)\nreturn True",
    "start-a-process-of-python": (
        "import multiprocessing\nchild = multiprocessing.get_context('fork').Process(target=int)\n"
        "child.start()\nchild.join()\nreturn child.exitcode == 0"
    ),
    "signal-the-grader": "os.kill(stage['pid'], 0)\nreturn True",
    "signal-the-parent": "os.kill(os.getppid(), 0)\nreturn True",
    "limit-the-grader": "import resource\nresource.prlimit(stage['pid'], resource.RLIMIT_CORE)\nreturn True",
    "move-the-grader-to-another-core": (
        "os.sched_setaffinity(stage['pid'], os.sched_getaffinity(0))\nreturn True"
    ),
    "slow-the-grader": (
        "same = os.getpriority(os.PRIO_PROCESS, 0)\nos.setpriority(os.PRIO_PROCESS, stage['pid'], same)\n"
        "return True"
    ),
    "trace-the-parent": ("pid = os.getppid()\nsyscall(101, 117, 0x4206, pid, None, None)\nreturn True"),
    "take-a-descriptor-of-the-grader": (
        "number = syscall(434, 434, stage['pid'], 0)\nreturn syscall(438, 438, number, 0, 0) >= 0"
    ),
    "raise-own-limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n"
        "return resource.getrlimit(resource.RLIMIT_AS)[1] == -1"
    ),
}

# Doors in the kernel
_KERNEL = {
    "make-a-user-namespace": "return libc.unshare(0x10000000) == 0",
    "mount": (
        "folder = stage['folder'].encode()\n"
        "return libc.mount(b'none', folder, b'tmpfs', 0, None) == 0 and libc.umount(folder) == 0"
    ),
    "change-root": "os.chroot(stage['folder'])\nreturn True",
    "change-user": "os.setuid(os.getuid())\nreturn True",
    "make-a-device": "os.mknod(stage['folder'] + '/null', 0o20600, os.makedev(1, 3))\nreturn True",
    "ask-for-keys": "return syscall(250, 219, 0, -3, 1) != 0",
    "fault-memory-by-hand": "return syscall(323, 282, 1) >= 0",
    "load-a-filter-program": (
        "array_of_one = ctypes.create_string_buffer(b'\\2\\0\\0\\0' + 2 * b'\\4\\0\\0\\0' + b'\\1', 72)\n"
        "return syscall(321, 280, 0, array_of_one, 72) >= 0"
    ),
    "queue-kernel-calls": "return syscall(425, 425, 1, ctypes.create_string_buffer(120)) >= 0",
    "change-personality": "return syscall(135, 92, 0xFFFFFFFF) >= 0",
}

PROBES = tuple(
    Probe(name, code)
    for group in (_READ, _WRITE, _NETWORK, _PROCESS, _KERNEL)
    for name, code in group.items()
)


@contextlib.contextmanager
def staged() -> Iterator[dict[str, Any]]:
    """Something to attack: a hidden test, results, sockets that listen, this process as the grader."""
    with contextlib.ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        (folder / "hidden.py").write_text(f"assert answer == {SECRET!r}\n", encoding="utf-8")
        (folder / "results.json").write_text("{}", encoding="utf-8")
        (folder / "innocent.txt").symlink_to(folder / "hidden.py")
        tcp = parts.enter_context(socket.create_server(("127.0.0.1", 0)))
        local, abstract = (parts.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        local.bind(str(folder / "socket"))
        abstract.bind(f"\0probe-{os.getpid()}")
        for listener in (local, abstract):
            listener.listen()
        secret = bytearray(SECRET.encode())
        yield {
            "hidden": str(folder / "hidden.py"),
            "link": str(folder / "innocent.txt"),
            "results": str(folder / "results.json"),
            "folder": str(folder),
            "checkout": str(Path(__file__).resolve().parents[2]),
            "port": tcp.getsockname()[1],
            "socket": str(folder / "socket"),
            "abstract": f"probe-{os.getpid()}",
            "pid": os.getpid(),
            "address": _address_of(secret),
        }


def _address_of(buffer: bytearray) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))


def succeeds(probe: Probe, student: Remote, stage: dict[str, Any]) -> bool:
    """Whether the attack succeeds; an exception or a death is a failure of the attack."""
    student.begin(probe.name)
    try:
        return bool(student.probe.attack(stage))
    except StudentError:
        return False


def run_probes(sandbox: Sandbox) -> dict[str, bool]:
    """Name of each probe -> whether it is blocked. Each gets a worker and a stage of its own."""
    found = {}
    for probe in PROBES:
        plan = LoadPlan({"probe": probe.module})
        with staged() as stage, sandbox.open(plan, Limits(), lambda *_: "bool", 0) as student:
            found[probe.name] = not succeeds(probe, student, stage)
    return found
