"""Faults of the kind that were found: each hand-in differs from the reference in one function."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.course import find_course, load_assignment, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import idle_tools
from autograder.grading import GraderSession
from autograder.model import Verdict
from autograder.release import project
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local, StudentError
from autograder.studentkit.kinds import kinds_of
from tests.gate.test_wrong_kinds import memory

COURSE = find_course(Path(__file__).parent)
MOST_KB = 64 * 1024
MODULES = modules_of(COURSE)
KIND = kinds_of(MODULES.library)


@pytest.fixture(scope="module")
def opened(request):
    """opened(assignment): its graders and a sandbox, warm."""
    assignment = load_assignment(COURSE, request.param)
    ours = Local(MODULES.library, KIND, wrap=True)
    texts = {Path(path).stem: text for path, text in project(COURSE, assignment, solution=True).items()}
    with (
        GraderSession(
            COURSE.graders_of(assignment.id),
            assignment.tasks,
            load=MODULES.load,
            ours=ours,
            limits=assignment.limits,
            tools=idle_tools(Setup(COURSE, assignment, 1, b"")),
        ) as session,
        Sandbox(library=COURSE.library, packages=assignment.packages, tier=1) as sandbox,
    ):

        def judge(module, code, chosen):
            plan = LoadPlan({**texts, module: f"{texts[module]}\n{code}\n"})
            with sandbox.open(plan, assignment.limits, KIND, 7) as student:
                return {
                    test_id: session.judge(test_id, student, len)
                    for test_id, (task, _) in session.tests.items()
                    if task == chosen
                }

        for test_id in session.tests:  # so that all is imported, and memory is measured from there on
            session.attempt(test_id, ours, len)
        yield judge


OPERATORS = {
    "lists that are added to themselves": "Tensor.__add__ = lambda self, other: [self, other]",
    "text that is added to itself": "Tensor.__add__ = lambda self, other: 'x' * 5000",
    "an array": "Tensor.exp = lambda self: np.exp(self.data)",
    "nothing": "Tensor.relu = lambda self: None",
    "a number": "Tensor.sum = lambda self, axis=None, *, keepdims=False: float(self.data.sum())",
    "data that is a list": "Tensor.data = property(lambda self: [[1.0]] * 5000, lambda self, value: None)",
    "a gradient that is a text": "Tensor.grad = property(lambda self: 'x' * 5000, lambda self, value: None)",
    "a class": "Tensor.__mul__ = lambda self, other: Tensor",
    "an endless length": "Tensor.__len__ = lambda self: 1 << 40",
}


@pytest.mark.parametrize("opened", ["a1_backprop"], indirect=True)
@pytest.mark.parametrize("code", OPERATORS.values(), ids=OPERATORS)
def test_a_member_of_the_wrong_kind_is_an_error_of_the_students(opened, code):
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    start = memory("VmRSS")
    found = opened("autograd", code, "autograd")
    verdicts = {each.verdict for each in found.values()}
    assert Verdict.INTERNAL not in verdicts
    assert verdicts & {Verdict.ERROR, Verdict.FAILED} or "__len__" in code
    assert memory("VmHWM") - start < MOST_KB


@pytest.mark.parametrize("opened", ["a2_optimization"], indirect=True)
@pytest.mark.parametrize(
    "answer", ["w", "(w, state, state)", "(w.tolist(), state)", "(w[None] * w[..., None], state)"]
)
def test_an_optimizer_that_returns_the_wrong_kind_is_an_error_of_the_students(opened, answer):
    code = f"def sgd_step(w, dw, state, *, lr): return {answer}"
    verdicts = {each.verdict for each in opened("optim", code, "sgd").values()}
    assert verdicts <= {Verdict.ERROR, Verdict.FAILED, Verdict.PASSED}
    assert verdicts != {Verdict.PASSED}


@pytest.mark.parametrize("opened", ["a2_optimization"], indirect=True)
@pytest.mark.parametrize("answer", ["10**400", "'0.1'", "[lr]", "np.ones((3, 3))", "1j", "None"])
def test_a_schedule_that_returns_the_wrong_kind_is_an_error_of_the_students(opened, answer):
    code = f"import numpy as np\ndef step_decay(t, *, lr, factor, every): return {answer}"
    found = opened("schedules", code, "schedules")
    assert {each.verdict for each in found.values()} <= {Verdict.ERROR, Verdict.PASSED}
    assert any(each.verdict is Verdict.ERROR for each in found.values())


WRONG_KIND = """
import numpy as np
from typing import Any
def vast(f, x): return f(np.ones(60 << 17))
def large(f, x): return f(np.ones(12 << 17))
def often(f, x):
    for _ in range(500): f(np.ones(1 << 17))
def honest(f, x): return f(np.ones(1 << 15))
"""


@pytest.mark.parametrize("name", ["vast", "large", "often"])
def test_what_is_passed_to_a_function_of_a_test_is_bounded(name):
    def slope(x):
        y = np.sin(x) * x + x**2
        return float(y.sum())

    with (
        Sandbox(library="lib", packages=("numpy",), tier=1) as sandbox,
        sandbox.open(
            LoadPlan({"m": WRONG_KIND}), load_assignment(COURSE, "a1_backprop").limits, lambda *_: "float", 7
        ) as student,
    ):
        student.begin("a test")
        assert student.m.honest(slope, np.ones(3)) > 0
        Path("/proc/self/clear_refs").write_text("5")
        start = memory("VmRSS")
        with pytest.raises(StudentError, match=r"passed far more to a function of the test|more than 2 MiB"):
            getattr(student.m, name)(slope, np.ones(3))
        assert memory("VmHWM") - start < MOST_KB


def test_a_large_reply_is_held_once():
    code = "import numpy as np\ndef large(n): return np.ones(n, np.uint8)"
    limits = load_assignment(COURSE, "a1_backprop").limits
    with (
        Sandbox(library="lib", packages=("numpy",), tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": code}), limits, lambda *_: "array", 7) as student,
    ):
        student.begin("a test")
        size = limits.reply_mb << 20
        Path("/proc/self/clear_refs").write_text("5")
        start = memory("VmRSS")
        assert student.m.large(size).nbytes == size
        assert memory("VmHWM") - start < 1.3 * size / 1024
        with pytest.raises(StudentError, match="returned more than"):
            student.m.large(size + 1)
