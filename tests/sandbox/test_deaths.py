"""However a worker ends, it is one test's verdict, and the next test runs in a fresh worker."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.remote import MAX_DEATHS
from autograder.studentkit import StudentError
from tests.sandbox.conftest import LIMITS

CODE = """
import ctypes, os, signal, sys, threading, time
import numpy as np

def fine(x=1.0): return x
def leave(): os._exit(0)
def leave_with_3(): os._exit(3)
def segfault(): ctypes.string_at(0)
def abort(): os.abort()
def loop():
    while True: pass
def stubborn():
    while True:
        try:
            time.sleep(9)
        except BaseException:
            pass
def hog(): return np.ones(1 << 27).sum()
def creep():
    kept = []
    while True: kept.append(bytearray(1 << 20))
def giant(): return np.zeros((1 << 20,))
def many(): return list(range(50_000))
def deep():
    x = []
    for _ in range(100): x = [x]
    return x
def close(): os.close(3)
def close_and_stay():
    os.close(3)
    time.sleep(9)
def recurse(): return recurse()
def silence():
    for number in (0, 1, 2): os.close(number)
    return 1.0
def flood():
    for _ in range(200): print("x" * 50_000)
    return 2.0
def later():
    threading.Thread(target=lambda: (time.sleep(0.05), os._exit(5))).start()
    return 3.0
def exit(): sys.exit(0)
def interrupt(): raise KeyboardInterrupt
def forge(data):
    os.write(3, bytes(data))
    return 1.0
"""


def fails(student, name, *args, test=None):
    """The verdict and the sentence for a call."""
    student.begin(test or name)
    with pytest.raises(StudentError) as caught:
        getattr(student.m, name)(*args)
    return caught.value.verdict, str(caught.value)


@pytest.mark.parametrize(
    ("name", "verdict", "says"),
    [
        ("leave", "crashed", "exit status 0"),
        ("leave_with_3", "crashed", "exit status 3"),
        ("segfault", "crashed", "segmentation fault"),
        ("abort", "crashed", "crashed"),
        ("loop", "timeout", "1 s"),
        ("stubborn", "timeout", "1 s"),
        ("hog", "memory", "memory"),
        ("creep", "memory", "memory"),
        ("giant", "output", "4 MiB"),
        ("close", "crashed", "ended its own process"),
        ("close_and_stay", "crashed", "no proper reply"),
        ("recurse", "error", "RecursionError"),
        ("exit", "error", "SystemExit"),
        ("interrupt", "error", "KeyboardInterrupt"),
    ],
)
def test_a_death_has_its_own_verdict_and_the_next_test_runs(open_student, name, verdict, says):
    with open_student(CODE) as student:
        found = fails(student, name)
        assert found[0] == verdict
        assert says in found[1]
        student.begin("next")
        assert student.m.fine() == 1.0


def test_values_too_many_or_too_deep_stay_with_the_student(open_student):
    with open_student(CODE, kind="data") as student:
        student.begin("large")
        assert type(student.m.many()).__name__ == "Handle"
        assert student.m.deep() is not None


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 12,
        b"\x02\0\0\0" + b"\0" * 8 + b"{}",
        b"\x05\0\0\0" + b"\0" * 8 + b"[[[[[",
        b"\x10\0\0\0" + b"\0" * 8 + b'{"n":1,"value":1}'[:16],
        b"\xff\xff\xff\xff" + b"\0" * 8,
        b"\0\0\0\0" + b"\xff" * 8,
        b"\x17\0\0\0" + b"\0" * 8 + b'{"n":2,"value":["a",1]}',
        b"\x1e\0\0\0" + b"\0" * 8 + b'{"n":4,"value":["h",[[]],"x"]}',
    ],
    ids=[
        "noise",
        "nothing",
        "unclosed",
        "old-number",
        "vast-header",
        "vast-payload",
        "no-array",
        "no-object",
    ],
)
def test_a_forged_reply_is_no_value_and_no_harm(open_student, data):
    with open_student(CODE) as student:
        student.begin("warm")
        student.m.fine()
        verdict, _ = fails(student, "forge", list(data))
        assert verdict in ("crashed", "output", "timeout")
        student.begin("next")
        assert student.m.fine() == 1.0


def test_a_function_that_keeps_dying_is_not_called_again_and_others_are(open_student):
    with open_student(CODE) as student:
        for number in range(MAX_DEATHS):
            assert "not run again" not in fails(student, "leave", test=str(number))[1]
        start = time.monotonic()
        assert "not run again" in fails(student, "leave")[1]
        assert time.monotonic() - start < 0.1
        student.begin("another")
        assert student.m.fine() == 1.0


def test_a_large_input_to_a_worker_that_does_not_read_meets_the_deadline(open_student):
    code = "import os, signal, time\ntime.sleep(0.2)\ndef f(g, x): return g(1.0)\n"
    with open_student(code) as student:
        student.begin("send")

        def slow(_):
            time.sleep(2)
            return 1.0

        with pytest.raises(StudentError) as caught:
            student.m.f(slow, np.zeros(1 << 20))
        assert caught.value.verdict == "timeout"


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("import os; os._exit(1)", "crashed"),
        ("while True: pass", "timeout"),
        ("x = (", "error"),
        ("1 / 0", "error"),
        ("import dlc_lib.nowhere", "error"),
        ("open('/etc/passwd')", "forbidden"),
        ("import sys; sys.exit('done')", "error"),
    ],
)
def test_a_module_that_does_not_load_fails_its_own_tests_at_once(open_student, code, verdict):
    modules = {"bad": f"{code}\ndef f(): return 1.0\n", "m": "def fine(): return 1.0\n"}
    with open_student(modules) as student:
        for attempt in range(5):
            student.begin(f"bad {attempt}")
            start = time.monotonic()
            with pytest.raises(StudentError, match=r"loading bad\.py") as caught:
                student.bad.f()
            assert caught.value.verdict == verdict
            assert attempt == 0 or time.monotonic() - start < 0.1
        student.begin("good")
        assert student.m.fine() == 1.0


def test_prints_are_kept_to_the_cap_and_a_closed_stdout_harms_nobody(open_student):
    with open_student(CODE) as student:
        student.begin("flood")
        assert student.m.flood() == 2.0
        assert len(student.output()) == LIMITS.output_kb * 1024
        student.begin("silence")
        assert student.output() == ""
        assert student.m.silence() == 1.0
        assert student.m.fine() == 1.0


def test_a_thread_that_ends_the_process_later_costs_the_test_it_hits(open_student):
    with open_student(CODE) as student:
        student.begin("later")
        assert student.m.later() == 3.0
        time.sleep(0.2)
        assert fails(student, "fine")[0] == "crashed"
        student.begin("after")
        assert student.m.fine() == 1.0


def test_each_test_has_a_deadline_of_its_own(open_student):
    code = "import time\ndef nap(): time.sleep(0.6)\n"
    with open_student(code) as student:
        for number in range(3):
            student.begin(f"nap {number}")
            student.m.nap()
        student.begin("twice")
        student.m.nap()
        with pytest.raises(StudentError, match="longer than"):
            student.m.nap()


def test_chance_is_the_same_in_every_run_of_a_test_and_differs_between_tests(open_student):
    code = "import random, numpy as np\ndef f(): return random.random(), float(np.random.rand())\n"
    seen = []
    for _ in range(2):
        with open_student(code) as student:
            for name in ("a", "b"):
                student.begin(name)
                seen.append(student.m.f())
    assert seen[:2] == seen[2:]
    assert seen[0] != seen[1]


def test_nothing_is_left_over_and_memory_stays_flat(open_student):
    def descriptors():
        return len(list(Path("/proc/self/fd").iterdir()))

    def resident_kb():
        gc.collect()
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4

    def one():
        with open_student(CODE) as student:
            student.begin("fine")
            student.m.fine(np.zeros(1000))

    for _ in range(20):
        one()
    before = descriptors(), resident_kb()
    for _ in range(150):
        one()
    assert descriptors() == before[0]
    assert resident_kb() - before[1] < 5_000


def runs(pid):
    """Whether it does anything any more: an orphan that has ended stays where process 1 does not reap."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def test_workers_die_with_their_sandbox():
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as own:
        context = own.open(
            LoadPlan({"m": "import os\ndef pid(): return os.getpid()\n"}),
            replace(LIMITS),
            lambda *_: "data",
            1,
        )
        student = context.__enter__()
        student.begin("pid")
        pid = student.m.pid()
        assert runs(pid)
    deadline = time.monotonic() + 60
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not runs(pid)
    context.__exit__(None, None, None)
