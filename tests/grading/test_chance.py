"""Chance is the same for equal hand-ins, wherever the code of a test or of a student takes it from."""

from __future__ import annotations

import textwrap

import pytest

from autograder.course import load_assignment
from autograder.engine import Grader, Setup
from autograder.model import Draw, Submission
from tests.tiny_course import DOUBLE, TOTAL, make_course

KEY = b"chance is the same for everyone."
SOURCES = {
    "numpy's own": "np.random.randn()",
    "a generator without a seed": "np.random.default_rng().normal()",
    "a state without a seed": "np.random.RandomState().normal()",
    "Python's own": "random.gauss(0, 1)",
    "a shuffled list": "random.sample(range(9), 9)[0] - 4",
    "torch's own": "float(torch.randn(()))",
}
GRADERS = """
import random
import numpy as np
import torch
import pytest
from autograder.studentkit import task

@task("total")
@pytest.mark.parametrize("k", range(24))
def test_sign(student, k):
    assert student.summing.total(np.array([{}])) > 0
"""
OF_THE_STUDENT = """
import random
import numpy as np

{before}

def total(x):
    return float({chance})
"""
ASKS = """
import numpy as np
import pytest
from autograder.studentkit import task

@task("total")
@pytest.mark.parametrize("k", range(24))
def test_sign(student, k):
    assert student.summing.total(np.zeros(1)) > 0
"""


@pytest.fixture
def graded(tmp_path):
    """graded(hidden tests, code of the student, draw): whether each passes, as a fresh grader says twice."""

    def run(hidden, total, draw=Draw.RECORD):
        course = make_course(tmp_path)
        (tmp_path / "graders/h1/test_total.py").write_text(textwrap.dedent(hidden))
        (tmp_path / "graders/h1/test_double.py").write_text(
            "from autograder.studentkit import task\n@task('double')\ndef test_it(student): pass\n"
            "@task('double', part='forward')\ndef test_f(student): pass\n"
            "@task('double', part='backward')\ndef test_b(student): pass\n"
        )
        assignment = load_assignment(course, "h1")
        told = []
        with Grader(Setup(course, assignment, 1, KEY, draw=draw)) as grader:
            for name in ("ada", "bob"):
                report = grader.grade(Submission(name, "h1", {"scaling": DOUBLE, "summing": total}))
                told.append([result.verdict == "passed" for result in report.results if "sign" in result.id])
        return told

    return run


@pytest.mark.parametrize("source", SOURCES)
def test_a_hidden_test_draws_the_same_for_everybody(graded, source):
    hidden = GRADERS.format(SOURCES[source])
    first, second = graded(hidden, TOTAL), graded(hidden, TOTAL)
    assert first[0] == first[1] == second[0] == second[1]
    assert 0 < sum(first[0]) < 24
    assert graded(hidden, TOTAL, Draw.PRACTICE)[0] != first[0]


@pytest.mark.parametrize(
    ("before", "chance"),
    [
        ("", "np.random.randn()"),
        ("", "np.random.default_rng().normal()"),
        ("", "random.gauss(0, 1)"),
        ("RNG = np.random.default_rng()", "RNG.normal()"),
        ("NUMBERS = np.random.randn(99)\nAT = iter(range(99))", "NUMBERS[next(AT)]"),
        ("NUMBERS = random.sample(range(-50, 50), 99)\nAT = iter(range(99))", "NUMBERS[next(AT)]"),
        ("WORDS = list({str(n) for n in range(99)})\nAT = iter(range(99))", "int(WORDS[next(AT)]) - 49"),
    ],
    ids=["numpy", "generator", "random", "module generator", "module numbers", "module sample", "set"],
)
def test_code_of_equal_hand_ins_draws_the_same(graded, before, chance):
    code = OF_THE_STUDENT.format(before=before, chance=chance)
    first, second = graded(ASKS, code), graded(ASKS, code)
    assert first[0] == first[1] == second[0] == second[1]
    assert 0 < sum(first[0]) < 24
