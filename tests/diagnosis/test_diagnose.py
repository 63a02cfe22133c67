"""Hand-ins with a known mistake, written by another hand, are told what it is."""

from __future__ import annotations

import pytest

from autograder.engine import Grader, Setup
from autograder.model import Submission
from tests.tiny_course import DOUBLE, TOTAL, make_course

CATALOGUE = """
from autograder.author.catalogue import Mistake

WRONG = (
    Mistake("tripled", "double", "scaling", "You triple.", "2.0 * np.asarray(x)", "3.0 * np.asarray(x)"),
    Mistake("squared", "double", "scaling", "You square.", "2.0 * np.asarray(x)", "np.asarray(x) ** 2"),
    Mistake("halved", "double", "scaling", "You halve the gradient.", "factor * dout", "dout / factor"),
    Mistake("endless", "double", "scaling", "You loop.", "_, factor = cache", "while True: pass"),
    Mistake("shifted", "double", "scaling", "You add 1.", "return doubled, (x", "return doubled + 1, (x"),
    Mistake("mean", "total", "summing", "You average.", "entries.sum()", "entries.mean()"),
)
RIGHT = ()
"""
FORWARD = DOUBLE.replace("x + x", "{}")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    course = make_course(root)
    (root / "mistakes/h1").mkdir(parents=True)
    (root / "mistakes/h1/__init__.py").write_text(CATALOGUE)
    (root / "assignments/h1/handout.md").write_text("# T\n\n## 1. Doubling\n\n## 2. Summing\n")
    from autograder.course import load_assignment

    with Grader(Setup(course, load_assignment(course, "h1"), 1, b"key")) as grader:

        def grade(double=DOUBLE, total=TOTAL):
            report = grader.grade(Submission("ada", "h1", {"scaling": double, "summing": total}))
            return {task.task: task.diagnosis for task in report.tasks if task.diagnosis}

        yield grade


def test_right_work_gets_no_diagnosis(told):
    assert told() == {}


def test_mistake_is_named_with_evidence_and_what_to_read(told):
    found = told(double=FORWARD.format("x + x + x"))["double"]
    assert (found.mistake, found.says) == ("tripled", "You triple.")
    assert (
        found.evidence
        == "Code with this mistake gave the same wrong numbers in 2 of the 2 failed tests compared."
    )
    assert found.read == "section 1 of the handout, Doubling"
    assert found.confidence > 0.9


def test_like_mistakes_are_told_apart(told):
    assert told(double=FORWARD.format("x * x"))["double"].mistake == "squared"


def test_two_mistakes_are_both_named(told):
    both = FORWARD.format("x * x").replace("dout + dout", "dout * 0.5")
    found = told(double=both)["double"]
    assert found.says == "You square. And: You halve the gradient."


def test_two_mistakes_in_the_same_numbers_are_both_named(told):
    found = told(double=FORWARD.format("3 * x + 1"))["double"]
    assert found.says == "You triple. And: You add 1."
    assert 0.6 < found.confidence < 0.97


def test_where_no_mistake_explains_it_a_small_change_of_the_solution_is_told_without_its_code(told):
    found = told(double=FORWARD.format("2.0 / x"))["double"]
    assert found.mistake == "double_forward: operator"
    assert found.says.startswith("In double_forward, one operation is the opposite of the one needed")
    assert "asarray" not in found.says + found.evidence + found.mistake
    assert 0.6 < found.confidence < 0.9


def test_a_name_that_nothing_defines_is_the_mistake(told):
    found = told(double=FORWARD.format("twice(x)"))["double"]
    assert found.mistake == "raises NameError"
    assert "twice" in found.says
    assert "line" in found.says


def test_of_another_exception_the_line_is_told_and_no_cause(told):
    assert told(double=FORWARD.format("x.nothing")) == {}


def test_mistake_that_nobody_catalogued_is_described_by_its_relation(told):
    found = told(double=FORWARD.format("-2 * x"))["double"]
    assert (found.mistake, found.says) == ("times -1", "out has the wrong sign.")
    assert found.confidence < 0.9


def test_numbers_without_any_relation_are_not_explained(told):
    assert told(double=FORWARD.format("np.sin(x) + 4")) == {}


def test_what_is_not_done_or_dies_gets_no_diagnosis(told):
    assert told(double='def double_forward(x):\n    raise NotImplementedError("h1/double_forward")\n') == {}
    assert told(total="import os\ndef total(x):\n    os._exit(1)\n") == {}


def test_lying_object_is_never_called_here(told):
    liar = (
        "class Liar:\n    def __array__(self, *a, **k): raise SystemExit\ndef total(x):\n    return Liar()\n"
    )
    assert told(total=liar) == {}
