"""What hidden tests compute for a hand-in is paid from the same clock as its code."""

from __future__ import annotations

import time
import types
from dataclasses import replace

import pytest

from autograder.grading import GraderSession, account
from autograder.model import Limits, Task, Verdict
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local
from autograder.studentkit.gate import undeclared_open
from tests.plain_graders import loads

TASKS = (Task("cost", "Cost", 10, ("m:cost",), {"forward": 1}),)
LIMITS = Limits(wall_s=5, total_s=1, memory_mb=128)
RIGHT = Local(lambda _: types.SimpleNamespace(cost=lambda: 0, called=lambda f: 0), lambda *_: "data")
TESTS = """
import time
import pytest
from autograder.studentkit import task

@task("cost", part="forward")
@pytest.mark.parametrize("number", range(8))
def test_it(student, number):
    seconds = {asked}
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="tinylib", packages=("numpy",), tier=1) as warm:
        yield warm


@pytest.fixture
def verdicts(tmp_path, sandbox):
    """verdicts(asked, limits): of eight tests that work as long as a hand-in has them do."""

    def run(asked, limits=LIMITS):
        (tmp_path / "test_m.py").write_text(TESTS.format(asked=asked))
        code = "def cost(): return 0.25\ndef called(f):\n    f()\n    return 0.0\n"
        with (
            GraderSession(tmp_path, TASKS, load=loads(tmp_path), ours=RIGHT, limits=limits) as session,
            sandbox.open(LoadPlan({"m": code}), limits, lambda *_: "data", 7) as student,
            undeclared_open(),
        ):
            began_s = time.process_time()
            found = [result.verdict for result in session.run(student, len)]
            return found, time.process_time() - began_s

    return run


def test_past_the_time_of_a_hand_in_no_test_works_for_it_any_more(verdicts):
    found, own_s = verdicts("student.m.cost()")
    assert found[:2] == [Verdict.PASSED] * 2
    assert found[5:] == [Verdict.TIMEOUT] * 3
    assert own_s < LIMITS.total_s + 2


def test_an_assignment_may_allow_more(verdicts):
    assert set(verdicts("student.m.cost()", replace(LIMITS, total_s=30))[0]) == {Verdict.PASSED}


def test_work_while_an_answer_is_under_way_is_paid_for_once(verdicts):
    """Six times a quarter of a second, with room for what the machine adds, and not three times."""
    asked = (
        "student.m.called(lambda: sum(1 for _ in iter(lambda: time.process_time() < began + 0.25, False)))"
    )
    limits = replace(LIMITS, total_s=1.5)
    found, _ = verdicts(f"0 * (began := time.process_time()) + {asked}", limits)
    assert found[:4] == [Verdict.PASSED] * 4
    assert found[7:] == [Verdict.TIMEOUT]


def test_a_collection_of_garbage_of_the_grader_is_not_charged(verdicts, monkeypatch):
    """It is made before a test where much was added, and took half a second in a large process."""
    monkeypatch.setattr("autograder.grading.bounded.gc.collect", lambda: burn(1.5))
    assert verdicts("0 * student.m.cost()")[0] == [Verdict.PASSED] * 8


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.parametrize("work", ["for _ in iter(int, 1): pass", "bytearray(1 << 40)"])
def test_a_test_of_the_machine_is_bounded_too_and_its_points_stay_open(tmp_path, monkeypatch, work):
    """Whether the machine or the answer is slow cannot be told, so a person looks at it."""
    monkeypatch.setattr(account, "_LEAST_S", 0.1)
    body = f"@task('cost', part='compiles')\ndef test_it(student):\n    {work}\n"
    (tmp_path / "test_m.py").write_text(f"from autograder.studentkit import task\n\n{body}")
    tasks = (replace(TASKS[0], weights={"compiles": 1}),)
    limits = replace(LIMITS, total_s=0.1)
    with GraderSession(tmp_path, tasks, load=loads(tmp_path), ours=RIGHT, limits=limits) as session:
        [result] = session.run(RIGHT, len)
    assert result.verdict == Verdict.OPEN
    assert "a person will look at it" in result.message
