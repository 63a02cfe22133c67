"""What a test raises on a student's answers, and not on right ones, is charged to the answers."""

from __future__ import annotations

import gc
import itertools
import resource
import signal
import textwrap
import types
import weakref
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from autograder.alarm import TookTooLong
from autograder.errors import SandboxError
from autograder.grading import GraderSession, account
from autograder.grading.bounded import Bounds, prepare
from autograder.grading.verdict import lighten
from autograder.model import Limits, Task, Verdict
from autograder.studentkit import Local, NotClose, assert_close, either
from autograder.studentkit.gate import undeclared_open
from tests.plain_graders import loads

TASKS = (Task("double", "Double", 10, ("m:double",), {"forward": 1}),)
LIMITS = Limits(wall_s=0.5, reply_mb=16)
BODY = """
from autograder.studentkit import task

@task("double")
def test_it(student, rng):
    {body}
"""


def student(double):
    return Local(lambda _: types.SimpleNamespace(double=double), lambda *_: "data", wrap=True)


@pytest.fixture
def verdict(tmp_path, monkeypatch):
    """verdict(body, double): of a test with this body on this function, doubling being right."""
    monkeypatch.setattr(account, "_LEAST_S", 0.5)  # of a processor, so that endless work ends sooner

    def judge(body, double, right=lambda x: 2 * x):
        (tmp_path / "test_m.py").write_text(BODY.format(body=textwrap.indent(body, "    ").strip()))
        ours = student(right)
        with (
            GraderSession(tmp_path, TASKS, load=loads(tmp_path), ours=ours, limits=LIMITS) as session,
            undeclared_open(),
        ):
            [result] = session.run(student(double), len)
        return result

    return judge


@pytest.mark.parametrize(
    ("body", "answer", "expected"),
    [
        ("assert student.m.double(2).bit_length() == 3", None, Verdict.ERROR),
        ("assert student.m.double(2) + 1 == 5", "four", Verdict.ERROR),
        ("assert 1 / (student.m.double(2) - 2) == 0.5", 2, Verdict.ERROR),
        ("assert [0, 1, 2, 3, 4][student.m.double(2)]", 7, Verdict.ERROR),
        ("raise SystemExit(0) if student.m.double(2) != 4 else SystemError", 3, Verdict.INTERNAL),
        ("assert student.m.double(2) == 4", 5, Verdict.FAILED),
        ("import numpy; numpy.ones(25 * student.m.double(2))", 10**9, Verdict.MEMORY),
        ("x = [0] * 5\nfor _ in range(student.m.double(2)): x = x + x", 60, Verdict.MEMORY),
        ("for _ in range(student.m.double(2)): pass", 10**15, Verdict.TIMEOUT),
    ],
)
def test_what_wrong_answers_alone_make_a_test_raise_is_their_fault(verdict, body, answer, expected):
    result = verdict(body, lambda x: answer)
    assert result.verdict == expected, result
    assert verdict(body, lambda x: x + x).verdict in (Verdict.PASSED, Verdict.INTERNAL)


@pytest.mark.parametrize("body", ["raise ZeroDivisionError", "student.m.double(2).nothing", "import nowhere"])
def test_what_right_answers_make_a_test_raise_too_is_ours(verdict, body):
    assert verdict(body, lambda x: x + x).verdict == Verdict.INTERNAL
    assert verdict(body, lambda x: "wrong").verdict in (Verdict.INTERNAL, Verdict.ERROR)


def test_a_fault_of_the_sandbox_is_never_the_students(tmp_path):
    class Broken(Local):
        def begin(self, test_id, *, apart=False):
            raise SandboxError("the sandbox is gone")

    (tmp_path / "test_m.py").write_text(BODY.format(body="student.m.double(2)"))
    broken = Broken(lambda _: None, lambda *_: "data")
    with GraderSession(
        tmp_path, TASKS, load=loads(tmp_path), ours=student(lambda x: x), limits=LIMITS
    ) as session:
        [result] = session.run(broken, len)
    assert result.verdict == Verdict.INTERNAL


def test_the_sentence_holds_nothing_of_the_answer(verdict):
    result = verdict("assert student.m.double(2) + 1", lambda x: "a secret")
    assert result.message == "what the code returned cannot be used as this test uses it: TypeError"


def test_the_solution_is_not_run_for_a_test_that_passes_or_fails(verdict):
    def never(_):
        raise AssertionError("it was run")

    assert verdict("assert student.m.double(2) == 4", lambda x: 4, never).verdict == Verdict.PASSED
    assert verdict("assert student.m.double(2) == 4", lambda x: 5, never).verdict == Verdict.FAILED


def test_bounds_are_gone_when_the_test_is_over():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with closing(Bounds(0.05, 32)) as bounds:
        for _ in range(2):
            with pytest.raises(MemoryError), bounds:
                np.ones(10**8)
            with pytest.raises(TookTooLong), bounds:
                all(True for _ in itertools.repeat(None))
            assert resource.getrlimit(resource.RLIMIT_DATA) == before
            assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
            np.ones(10**7)


def test_bounds_hold_when_others_were_made_and_closed_meanwhile():
    with closing(Bounds(0.05, 32)) as first:
        Bounds(5, 32).close()
        with pytest.raises(TookTooLong), first:
            all(True for _ in itertools.repeat(None))


def test_what_a_test_left_in_a_ring_does_not_lie_beside_what_the_next_uses():
    def in_use():
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()

    start, most = in_use(), 0
    gc.disable()  # as if it had not come by
    try:
        with closing(Bounds(5, 32)) as bounds:
            for _ in range(10):
                with bounds:
                    ring = [np.ones(1 << 20)]
                    ring.append(ring)
                    most = max(most, in_use() - start)
                    del ring
    finally:
        gc.enable()
    assert most < 20 << 20


def test_of_an_error_that_is_kept_nothing_is_left_that_was_returned():
    """By way of what it was raised from, or of a function in a frame on its way."""
    returned = []

    def raised():
        own = np.ones(5)
        returned.append(weakref.ref(own))

        def judge(answer):
            assert_close(answer, np.zeros(3))

        try:
            judge(own)
        except NotClose:
            either(lambda: judge(own), lambda: judge(own))

    try:
        raised()
    except NotClose as error:
        kept = error
    lighten(kept)
    assert [each() for each in returned] == [None]
    assert kept.__context__.actual is None


def test_an_attempt_that_is_not_needed_any_more_holds_nothing():
    returned = []

    def attempts():
        own = np.ones(5)
        returned.append(weakref.ref(own))
        either(lambda: assert_close(own, 0 * own), lambda: None)

    attempts()
    assert [each() for each in returned] == [None]


def test_the_room_of_large_answers_is_given_back():
    prepare()

    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

    before, kept = resident(), []
    for _ in range(4):
        answer = np.ones(2 << 20)
        kept.append(bytearray(100_000))
        del answer
    assert resident() - before < 8 << 20
