"""A worker can send itself SIGABRT and nobody anything else: whatever else ends it has a cause of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

# What student code may try: each is refused under the filters, and does something where there is none.
SIGNALS = {
    "kill": "os.kill(me, KILL)",
    "kill the group": "os.kill(0, KILL)",
    "kill the group by its number": "os.kill(-me, KILL)",
    "continue": "os.kill(me, signal.SIGCONT)",
    "abort the parent": "os.kill(parent, 0)",
    "tkill": "call(200, 130, me, KILL)",
    "tgkill": "call(234, 131, me, me, KILL)",
    "queue": "call(129, 138, me, KILL, information(KILL))",
    "queue for a thread": "call(297, 240, me, me, KILL, information(KILL))",
    "by descriptor": "signal.pidfd_send_signal(itself, KILL)",
    "by timer": "call(222, 107, 0, event(KILL), ctypes.byref(ctypes.c_int()))",
    "by interval": "signal.setitimer(signal.ITIMER_PROF, 9)",
    "alarm": "signal.alarm(9) if ARM else call(37, 0, 9)",
    "by owner of a pipe": "fcntl.fcntl(pipe, fcntl.F_SETOWN, me)",
    "by owner of a kind": "call(72, 25, pipe, 15, struct.pack('ii', 1, me))",
    "by owner of a socket": "fcntl.ioctl(talk, 0x8901, struct.pack('i', me))",
    "by signal of a pipe": "fcntl.fcntl(pipe, 10, KILL)",
    "by watching a folder": "fcntl.fcntl(folder, 1026, 1)",
    "at the parent's death": "call(157, 167, 1, KILL)",
    "by strict mode": "call(317, 277, 0, 0, None)",
    "by strict mode of old": "call(157, 167, 22, 1)",
    "by a lower limit": "resource.setrlimit(resource.RLIMIT_CPU, (5, 5))",
    "by a lower limit of old": "call(160, 164, 0, struct.pack('QQ', 5, 5))",
    "by a child that ends": "child(call(56, 220, int(signal.SIGCONT), 0, 0, 0, 0))",
    "by a child of a newer kind": "child(call(435, 435, struct.pack('8Q', 0, 0, 0, 0, 18, 0, 0, 0), 64))",
}
OWN = {"abort": "os.abort()", "segmentation fault": "ctypes.string_at(0)"}
HARMLESS = {
    "read a limit": "resource.getrlimit(resource.RLIMIT_CPU)",
    "read a limit by its name": "resource.prlimit(0, resource.RLIMIT_CPU)",
}
# On what other processes of the same user share, by its number alone.
SHARED = {
    "look at shared memory": "call(31, 195, memory, 2, ctypes.create_string_buffer(256))",
    "look at a queue": "call(71, 187, queue, 2, ctypes.create_string_buffer(256))",
    "send to a queue": "call(69, 189, queue, struct.pack('q8s', 1, b'x'), ctypes.c_size_t(1), 0o4000)",
    "read from a queue": (
        "call(70, 188, queue, ctypes.create_string_buffer(16), ctypes.c_size_t(8), 0, 0o4000)"
    ),
    "look at a semaphore": "call(66, 191, semaphore, 0, 12)",
    "raise a semaphore": "call(65, 193, semaphore, struct.pack('Hhh', 0, 1, 0), ctypes.c_size_t(1))",
    "lower it": "call(220, 192, semaphore, struct.pack('Hhh', 0, -1, 0), ctypes.c_size_t(1), None)",
}
RUN = """
import ctypes, fcntl, json, os, platform, resource, signal, socket, struct, sys
from autograder.sandbox.inside import filters, seccomp
from autograder.sandbox.inside.syscalls import PR_SET_NO_NEW_PRIVS, prctl

libc, ARM, KILL = ctypes.CDLL(None, use_errno=True), platform.machine() == "aarch64", int(signal.SIGKILL)
pipe, talk, folder = os.pipe()[0], socket.socketpair()[0], os.open("/", os.O_RDONLY)
parent = os.getpid()
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

def call(x86, arm, *args):
    result = libc.syscall(arm if ARM else x86, *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result

def information(number):
    return ctypes.create_string_buffer(struct.pack("iii", number, 0, -1), 128)

def event(number):
    return ctypes.create_string_buffer(struct.pack("Qii", 0, number, 0), 64)

def child(number):
    if number == 0:
        os._exit(0)

def outcome(code):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.setsid()
    me = os.getpid()
    itself = os.pidfd_open(me)
    if sys.argv[1] != "none":
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        seccomp.install(getattr(filters, sys.argv[1])(me))
    try:
        exec(code, {**globals(), **locals()})
    except OSError:
        os._exit(1)
    os._exit(0)

memory, queue, semaphore = (
    libc.shmget(0, ctypes.c_size_t(1), 0o1600), libc.msgget(0, 0o1600), libc.semget(0, 1, 0o1600)
)
print(json.dumps({name: outcome(code) for name, code in json.loads(sys.argv[2]).items()}))
libc.shmctl(memory, 0, None), libc.msgctl(queue, 0, None), libc.semctl(semaphore, 0, 0)
"""
REFUSED = 1


def outcomes(filter_name, attempts):
    """Name of each attempt -> exit code of the process that made it."""
    command = [sys.executable, "-c", RUN, filter_name, json.dumps(attempts)]
    told = subprocess.run(command, capture_output=True, check=True, timeout=1_800, text=True).stdout
    return json.loads(told)


@pytest.mark.parametrize("filter_name", ["listed", "refusing"])
def test_no_worker_can_send_a_signal_or_have_one_sent(filter_name):
    assert outcomes(filter_name, SIGNALS) == dict.fromkeys(SIGNALS, REFUSED)


def test_each_of_these_does_something_where_there_is_no_filter():
    assert REFUSED not in outcomes("none", SIGNALS).values()


@pytest.mark.parametrize("filter_name", ["listed", "refusing"])
def test_what_others_share_is_out_of_reach(filter_name):
    assert outcomes(filter_name, SHARED) == dict.fromkeys(SHARED, REFUSED)


def test_what_others_share_is_within_reach_where_there_is_no_filter():
    assert outcomes("none", SHARED) == dict.fromkeys(SHARED, 0)


@pytest.mark.parametrize("filter_name", ["listed", "refusing", "none"])
def test_what_ends_by_its_own_doing_ends_by_the_signal_of_it(filter_name):
    assert outcomes(filter_name, OWN) == {"abort": -signal.SIGABRT, "segmentation fault": -signal.SIGSEGV}


@pytest.mark.parametrize("filter_name", ["listed", "refusing"])
def test_a_worker_can_read_its_limits(filter_name):
    assert outcomes(filter_name, HARMLESS) == dict.fromkeys(HARMLESS, 0)
