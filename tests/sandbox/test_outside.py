"""What others do to a worker is never the student's fault: the test is begun again, then it is ours."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import replace

import pytest

from autograder.errors import Interrupted, TierUnavailable
from autograder.sandbox import Budget, LoadPlan, Sandbox, process, sandbox
from autograder.sandbox.deaths import Cause, Death
from autograder.sandbox.inside.lockdown import CPU_S
from autograder.sandbox.tiers import isolation_for
from autograder.sandbox.zygote import Zygote
from autograder.studentkit import StudentError
from tests.sandbox.conftest import LIMITS

CODE = """
import ctypes, mmap, os, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p

def fine(): return 1.0
def calls(f): return f()
def waits(f):
    f()
    time.sleep(60)
def beyond():
    file = os.open(os.__file__, os.O_RDONLY)
    start = libc.mmap(None, ctypes.c_size_t(1 << 24), 1, 2, file, ctypes.c_long(0))
    return ctypes.string_at(start + (1 << 24) - 4096, 1)
"""
OUTSIDE = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGALRM", "SIGXCPU")


def worker_of(student):
    return student._process._pid


def kill(student, number):
    os.kill(worker_of(student), number)
    return 1.0


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_signal_from_outside_is_no_verdict_and_the_test_can_be_begun_again(open_student, name):
    with open_student(CODE, replace(LIMITS, wall_s=20)) as student:  # a busy machine kills slowly
        student.begin("test")
        with pytest.raises(Interrupted, match=name):
            student.m.waits(lambda: kill(student, getattr(signal, name)))
        student.begin("test")
        assert student.m.calls(lambda: 2.0) == 2.0


def test_time_that_was_lost_so_is_given_back(open_student):
    with open_student(CODE) as student:
        student.begin("test")
        student.m.fine()
        before = student.clock.left_s
        student.begin("killed")
        with pytest.raises(Interrupted):
            student.m.waits(lambda: kill(student, signal.SIGKILL))
        assert student.clock.left_s == pytest.approx(before)


def test_what_may_be_either_s_doing_is_the_student_s_when_it_happens_again(open_student):
    with open_student(CODE) as student:
        student.begin("test")
        with pytest.raises(Interrupted, match="SIGBUS"):
            student.m.beyond()
        student.begin("test")
        with pytest.raises(StudentError) as caught:
            student.m.beyond()
        assert caught.value.verdict == "crashed"
        student.begin("next")
        assert student.m.fine() == 1.0


def test_a_module_that_ends_its_worker_so_while_loading_fails_its_own_tests(open_student):
    with open_student({"m": CODE, "bad": f"{CODE}\nbeyond()\n"}) as student:
        student.begin("bad")
        with pytest.raises(StudentError, match=r"loading bad\.py"):
            student.bad.fine()
        student.begin("good")
        assert student.m.fine() == 1.0


def test_a_worker_killed_between_two_calls_costs_no_test(open_student):
    with open_student(CODE) as student:
        student.begin("first")
        student.m.fine()
        kill(student, signal.SIGKILL)
        student.begin("second")
        with pytest.raises(Interrupted):
            student.m.fine()
        student.begin("second")
        assert student.m.fine() == 1.0


def test_a_stopped_worker_is_given_up_and_not_blamed(open_student, monkeypatch):
    monkeypatch.setattr(process, "_HELD_UP_S", 0.3)
    with open_student(CODE) as student:
        student.begin("test")
        with pytest.raises(Interrupted, match="stopped"):
            student.m.waits(lambda: kill(student, signal.SIGSTOP))
        student.begin("test")
        assert student.m.fine() == 1.0


def open_in(own):
    return own.open(LoadPlan({"m": CODE}), LIMITS, lambda *_: "data", 7)


@pytest.mark.parametrize("tier", [1, 2])
def test_a_zygote_that_is_killed_takes_no_test_with_it(tier):
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=tier) as own, open_in(own) as student:

        def end():
            own._zygote._process.kill()
            own._zygote._process.wait()
            return 1.0

        student.begin("test")
        with pytest.raises(Interrupted):
            student.m.waits(end)
        student.begin("test")
        assert student.m.fine() == 1.0


def test_a_zygote_that_is_stopped_is_replaced():
    isolation = isolation_for(1, "dlc_lib", ("numpy",))
    zygote = Zygote(isolation.settings, answer_s=0.2)
    try:
        os.kill(zygote._process.pid, signal.SIGSTOP)
        with pytest.raises(Interrupted, match="no answer"):
            zygote.fork(64, threads=True)
        assert not zygote.alive
    finally:
        zygote.close()


@pytest.fixture
def wrapped(tmp_path, monkeypatch):
    """wrapped(script): start zygotes by a shell script; how often it was started is in the file."""
    count = tmp_path / "count"
    real = sandbox.isolation_for

    def wrap(script):
        text = f'echo . >> {count}; {script}; exec "$@"'

        def isolation(*args, **options):
            return replace(real(*args, **options), wrapper=("sh", "-c", text, "sh"))

        monkeypatch.setattr(sandbox, "isolation_for", isolation)
        monkeypatch.setattr(sandbox, "_STARTS_S", (0, 0, 0))
        return count

    return wrap


def start():
    return Sandbox(library="dlc_lib", packages=("numpy",), tier=1)


def starts(count):
    return count.read_text().count(".")


@pytest.mark.parametrize("number", ["KILL", "TERM"])
def test_a_zygote_that_is_killed_while_it_starts_is_started_again(wrapped, tmp_path, number):
    count = wrapped(f"mkdir {tmp_path}/once 2>/dev/null && kill -{number} $$")
    with start() as own, open_in(own) as student:
        student.begin("test")
        assert student.m.fine() == 1.0
    assert starts(count) == 2


def test_a_first_worker_that_is_killed_is_no_missing_capability(monkeypatch):
    real, killed = process.Process._expect_lock, []

    def once(self):
        if not killed:
            killed.append(os.kill(self._pid, signal.SIGKILL))
        real(self)

    monkeypatch.setattr(process.Process, "_expect_lock", once)
    monkeypatch.setattr(sandbox, "_STARTS_S", (0, 0, 0))
    with start() as own, open_in(own) as student:
        student.begin("test")
        assert student.m.fine() == 1.0
    assert killed


@pytest.mark.parametrize(
    ("script", "tries", "says"),
    [
        ("echo 'no namespaces here' >&2; exit 1", 2, "no namespaces here"),
        ("kill -KILL $$", 3, "ended from outside"),
    ],
)
def test_only_what_happens_again_and_again_makes_a_tier_unavailable(wrapped, script, tries, says):
    count = wrapped(script)
    with pytest.raises(TierUnavailable, match=says):
        start()
    assert starts(count) == tries


def test_a_machine_without_room_for_another_process_passes():
    isolation = isolation_for(1, "dlc_lib", ("numpy",))
    zygote = Zygote({**isolation.settings, "layers": []})
    try:
        subprocess.run(["prlimit", f"--pid={zygote._process.pid}", "--nofile=1:1"], check=True)
        with pytest.raises(Interrupted):
            zygote.fork(64, threads=True)
    finally:
        zygote.close()


@pytest.mark.parametrize(
    ("number", "cpu_s", "oom", "cause"),
    [
        ("SIGKILL", 0.1, False, Cause.OUTSIDE),
        ("SIGKILL", 0.1, True, Cause.MEMORY),
        ("SIGTERM", 0.1, True, Cause.OUTSIDE),
        ("SIGKILL", CPU_S, False, Cause.CPU),
        ("SIGXCPU", CPU_S - 0.5, False, Cause.CPU),
        ("SIGXCPU", 3, False, Cause.OUTSIDE),
        ("SIGTERM", CPU_S, False, Cause.OUTSIDE),
        ("SIGABRT", 0, False, Cause.OWN),
        ("SIGSEGV", 0, False, Cause.OWN),
        ("SIGSYS", 0, False, Cause.OWN),
        ("SIGFPE", 0, False, Cause.OWN),
        ("SIGILL", 0, False, Cause.OWN),
        ("SIGBUS", 0, False, Cause.EITHER),
        ("SIGPIPE", 0, False, Cause.EITHER),
        ("SIGXFSZ", 0, False, Cause.EITHER),
        ("SIGINT", 0, False, Cause.OUTSIDE),
        ("SIGSTOP", 0, False, Cause.OUTSIDE),
        ("SIGRTMAX", 0, False, Cause.OUTSIDE),
    ],
)
def test_a_death_is_charged_only_on_evidence(number, cpu_s, oom, cause):
    assert Death(int(getattr(signal, number)), cpu_s, oom).cause(CPU_S) is cause


@pytest.mark.parametrize("status", [0, 1, 137, 255])
def test_an_exit_status_is_the_code_s_own(status):
    assert Death(status << 8).cause(CPU_S) is Cause.OWN


# -- the time of a whole hand-in

BURN = "import time\nend = time.process_time() + 0.05\nwhile time.process_time() < end: pass\n"


def verdict_of(student, call):
    with pytest.raises(StudentError) as caught:
        call()
    return caught.value.verdict, str(caught.value)


def test_past_the_time_of_a_hand_in_nothing_is_run_and_no_worker_started(open_student):
    code = "def loop():\n    while True: pass\ndef fine(): return 1.0\n"
    with open_student(code, replace(LIMITS, total_s=1.5)) as student:
        for number, words in enumerate(["1 s of this test", "was ended: the 1.5 s that a hand-in may take"]):
            student.begin(str(number))
            found = verdict_of(student, student.m.loop)
            assert found[0] == "timeout"
            assert words in found[1]
        workers = student._workers
        for number in range(3):
            student.begin(f"late {number}")
            found = verdict_of(student, student.m.fine)
            assert found == (
                "timeout",
                "fine was not run: the 1.5 s that a hand-in may take in all are used up",
            )
        assert student._workers == workers
        assert student.worker == 0


def test_helpers_that_are_slow_to_load_use_up_the_time_of_their_hand_in(open_student):
    helpers = {f"h{number}": BURN for number in range(30)}
    imports = "".join(f"from . import {name}\n" for name in helpers)
    exits = "".join(f"def f{number}():\n    import os\n    os._exit(0)\n" for number in range(10))
    with open_student({**helpers, "m": imports + exits}, replace(LIMITS, total_s=1.5)) as student:
        for number in range(10):
            student.begin(str(number))
            verdict_of(student, getattr(student.m, f"f{number}"))
        assert verdict_of(student, student.m.f0)[0] == "timeout"
        assert student._workers < 30
        assert student.clock.left_s > -1


def test_a_flood_of_prints_is_paid_for(open_student):
    code = "def flood():\n    while True: print('x' * 100_000)\n"
    with open_student(code) as student:
        student.begin("flood")
        found = verdict_of(student, student.m.flood)
        assert found[0] == "timeout"
        assert student.clock.whole_s - student.clock.left_s < LIMITS.wall_s + 0.7


def test_workers_of_one_hand_in_can_share_its_clock(sandbox):
    clock = Budget(1.2)
    plan = LoadPlan({"m": "def loop():\n    while True: pass\n"})
    said = []
    for _ in range(3):
        with sandbox.open(plan, LIMITS, lambda *_: "data", 7, clock) as student:
            student.begin("loop")
            said.append(verdict_of(student, student.m.loop)[1])
    assert [word in text for word, text in zip(("this test", "was ended", "not run"), said, strict=True)] == [
        True
    ] * 3
