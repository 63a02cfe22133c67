"""A task follows from another where that is so: with the mistake made there it would fail likewise."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.course import load_assignment, load_course
from autograder.engine import Grader, Setup
from autograder.model import Submission
from tests.tiny_course import DOUBLE, FILES, make_course

CATALOGUE = """
from autograder.author.catalogue import Mistake

WRONG = (
    Mistake("tripled", "double", "scaling", "You triple.", "2.0 * np.asarray(x)", "3.0 * np.asarray(x)"),
    Mistake("halved", "double", "scaling", "You halve the gradient.", "factor * dout", "dout / factor"),
    Mistake("mean", "total", "summing", "You average.", "entries.sum()", "entries.mean()"),
)
RIGHT = ()
"""
ANOTHER = """

@task("total")
def test_another_sum(student, rng):
    x = rng.standard_normal(5)
    assert_close(student.summing.total(x), 2 * x.sum(), name="sum")
"""
TWICE = """
from .scaling import double_forward

def total(x):
    return float(double_forward(x)[0].{})
"""
TRIPLES = DOUBLE.replace("x + x", "3 * x")
HALVES = DOUBLE.replace("dout + dout", "dout / 2")
NOBODY_KNOWS = DOUBLE.replace("x + x", "x ** 3 + x")


@pytest.fixture(scope="module")
def of_total(tmp_path_factory):
    """of_total(double, total): what is named in the second task, and what it is said to follow from.

    `sure` lists how sure it was each time.
    """
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    summing = FILES["tinylib/summing.py"].replace("import Array", "import Array, double_forward")
    summing = summing.replace("entries = x.ravel()", "entries = double_forward(x)[0].ravel()")
    changes = {
        "mistakes/h1/__init__.py": CATALOGUE,
        "assignments/h1/assignment.yaml": FILES["assignments/h1/assignment.yaml"] + "    needs: [double]\n",
        "tinylib/summing.py": summing.replace(
            "entries = x.ravel()", "entries = double_forward(x)[0].ravel()"
        ),
        "graders/h1/test_total.py": dedent(FILES["graders/h1/test_total.py"]).replace(
            "x.sum()", "2 * x.sum()"
        )
        + ANOTHER,
    }
    for name, text in changes.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    course = load_course(root)
    with Grader(Setup(course, load_assignment(course, "h1"), 1, b"k" * 32)) as grader:
        sure = []

        def grade(double, total="sum()"):
            modules = {"scaling": double, "summing": TWICE.format(total)}
            task = grader.grade(Submission("ada", "h1", modules)).tasks[1]
            sure.append(task.diagnosis.confidence if task.diagnosis else 0.0)
            return task.diagnosis.mistake if task.diagnosis else "", task.follows_from

        grade.sure = sure
        yield grade


def test_right_code_that_calls_a_wrong_one_follows_from_it(of_total):
    assert of_total(TRIPLES) == ("", ("double",))


def test_a_mistake_of_its_own_is_named_beside_one_that_does_not_touch_it(of_total):
    assert of_total(HALVES, "mean()") == ("mean", ())


def test_a_mistake_of_its_own_is_named_beside_one_that_changes_its_numbers(of_total):
    assert of_total(TRIPLES, "mean()") == ("mean", ())
    assert of_total.sure[-1] > 0.9


def test_what_a_named_mistake_does_not_explain_does_not_follow_from_it(of_total):
    assert of_total(HALVES, "max()") == ("", ())


def test_where_nobody_knows_the_mistakes_it_is_said_to_follow(of_total):
    assert of_total(NOBODY_KNOWS) == ("", ("double",))
