"""Nothing of a student's runs while nothing is asked of it: it would slow down whoever is timed just then."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.tiers import missing
from autograder.studentkit import StudentError
from tests.sandbox.conftest import LIMITS

IDLE_S = 0.5
CODE = """
import ctypes, os, signal, subprocess, threading, time

def burn():
    while True:
        pass

def thread():
    threading.Thread(target=burn, daemon=True).start()
    return os.getpid()

def program():
    return subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"]).pid

def heirless():
    shell = "(while :; do :; done) >/dev/null & echo $!"
    return int(subprocess.run(["/bin/sh", "-c", shell], stdout=subprocess.PIPE).stdout)

def alarms():
    def handle(*_):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
    for number in (signal.SIGALRM, signal.SIGCONT, signal.SIGIO):
        signal.signal(number, handle)
    signal.alarm(0)
    libc = ctypes.CDLL(None, use_errno=True)
    event = (ctypes.c_int * 16)(0, 0, int(signal.SIGCONT), 0)
    refused = [libc.timer_create(1, event, ctypes.create_string_buffer(8)) != 0]
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    except OSError:
        pass
    return refused, os.getpid()

def leave():
    found = []
    for call in (lambda: os.setsid(), lambda: os.setpgid(0, 0)):
        pid = os.fork()
        if pid == 0:
            try:
                call()
            except OSError:
                os._exit(1)
            os._exit(0)
        found.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    import fcntl
    try:
        fcntl.fcntl(0, fcntl.F_SETSIG, int(signal.SIGCONT))
    except OSError:
        found.append(1)
    return found

def on():
    return 1
"""


def used_s(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ended(pid: int) -> bool:
    """Whether a process is gone, or dead and waiting for its parent, within a second."""
    for _ in range(100):
        with suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.01)
                continue
        return True
    return False


def used_while_idle_s(pid: int) -> float:
    """What it uses while nothing is asked of it; a tick may be booked late."""
    time.sleep(0.05)
    before = used_s(pid)
    time.sleep(IDLE_S)
    return used_s(pid) - before


@pytest.fixture(scope="module")
def for_gpu(tmp_path_factory):
    if lacking := missing(1, for_gpu=True):
        pytest.skip(f"no worker for a GPU can be isolated here: {lacking[0]}")
    scratch = tmp_path_factory.mktemp("scratch")
    with Sandbox(library="dlc_lib", packages=("numpy", "torch"), tier=1, scratch=scratch) as sandbox:
        yield sandbox


@pytest.fixture
def student(for_gpu):
    """The code in a worker for a GPU, which may start threads and programs."""
    limits = replace(LIMITS, wall_s=10)
    with for_gpu.open(LoadPlan({"m": CODE}), limits, lambda *_: "data", 7) as student:
        student.begin("idle")
        yield student


@pytest.mark.parametrize("name", ["thread", "program", "heirless"])
def test_neither_a_thread_nor_a_program_runs_on_after_a_call(student, name):
    assert used_while_idle_s(getattr(student.m, name)()) < 0.05
    assert student.m.on() == 1


def test_no_timer_wakes_a_worker_that_is_stopped(student):
    refused, pid = student.m.alarms()
    assert refused == [True]
    assert used_while_idle_s(pid) < 0.05


def test_nothing_leaves_the_group_that_is_stopped(student):
    assert student.m.leave() == [1, 1, 1]


@pytest.mark.parametrize("name", ["program", "heirless"])
def test_what_a_worker_started_is_gone_when_its_hand_in_is_closed(student, name):
    pid = getattr(student.m, name)()
    assert Path(f"/proc/{pid}").exists()
    student.close()
    assert not Path(f"/proc/{pid}").exists()


def test_what_a_worker_started_ends_with_the_sandbox_however_that_ends(tmp_path):
    with Sandbox(library="dlc_lib", packages=("numpy", "torch"), tier=1, scratch=tmp_path) as sandbox:
        plan = LoadPlan({"m": CODE})
        with sandbox.open(plan, replace(LIMITS, wall_s=10), lambda *_: "data", 7) as student:
            student.begin("orphan")
            pid = student.m.program()
            sandbox.close()  # as where the grader is killed: nobody asks for the worker to be reaped
            assert ended(pid)


@pytest.mark.parametrize("tier", [1, 2])
def test_a_worker_that_others_are_timed_beside_can_be_made_to_pause(tier):
    if lacking := missing(tier):
        pytest.skip(f"no tier {tier} here: {lacking[0]}")
    with (
        Sandbox(library="dlc_lib", packages=("numpy",), tier=tier) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), replace(LIMITS, wall_s=10), lambda *_: "data", 7) as student,
    ):
        student.begin("before")
        student.m.thread()
        assert used_while_idle_s(student._process._pid) > 0
        student.pause_between_calls()
        assert used_while_idle_s(student._process._pid) < 0.05
        student.close()  # and so does the next one
        student.m.thread()
        assert used_while_idle_s(student._process._pid) < 0.05
        assert student.m.on() == 1


def test_without_threads_a_student_has_no_way_to_run_between_calls(open_student):
    with open_student(CODE, replace(LIMITS, threads=False)) as student:
        student.begin("idle")
        with pytest.raises(StudentError, match="thread raised RuntimeError"):
            student.m.thread()
        refused, pid = student.m.alarms()
        assert refused == [True]
        assert used_while_idle_s(pid) < 0.05
