"""Chance is the same for equal hand-ins, wherever the code of a test or of a student takes it from."""

from __future__ import annotations

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

SOURCES = {sources}

@task("total")
@pytest.mark.parametrize("k", range(24))
@pytest.mark.parametrize("source", SOURCES)
def test_sign(student, source, k):
    assert student.summing.total(np.array([eval(SOURCES[source])])) > 0
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
NOTHING = """
import pytest
from autograder.studentkit import task

@task("double", part="forward")
def test_forward(student): pass

@task("double", part="backward")
def test_backward(student): pass
"""


@pytest.fixture
def graded(tmp_path):
    """graded(hidden tests, codes of students, draw): code -> what passes; of equal ones by a fresh grader."""

    def run(hidden, codes, draw=Draw.RECORD):
        course = make_course(tmp_path)
        (tmp_path / "graders/h1/test_total.py").write_text(hidden)
        (tmp_path / "graders/h1/test_double.py").write_text(NOTHING)
        with Grader(Setup(course, load_assignment(course, "h1"), 1, KEY, draw=draw)) as grader:
            return [
                {result.id: result.verdict == "passed" for result in grader.grade(each).results}
                for each in (Submission("ada", "h1", {"scaling": DOUBLE, "summing": code}) for code in codes)
            ]

    return run


def test_a_hidden_test_draws_the_same_for_everybody(graded):
    hidden = GRADERS.format(sources=SOURCES)
    (first, second), (third,) = graded(hidden, [TOTAL, TOTAL]), graded(hidden, [TOTAL])
    (other,) = graded(hidden, [TOTAL], Draw.PRACTICE)
    assert first == second == third
    for source in SOURCES:
        mine = [test for test in first if f"[{source}-" in test]
        assert 0 < sum(first[test] for test in mine) < len(mine) == 24, source
        assert [first[test] for test in mine] != [other[test] for test in mine], source


CODES = {
    "numpy": ("", "np.random.randn()"),
    "generator": ("", "np.random.default_rng().normal()"),
    "random": ("", "random.gauss(0, 1)"),
    "module generator": ("RNG = np.random.default_rng()", "RNG.normal()"),
    "module numbers": ("NUMBERS = np.random.randn(99)\nAT = iter(range(99))", "NUMBERS[next(AT)]"),
    "module sample": (
        "NUMBERS = random.sample(range(-50, 50), 99)\nAT = iter(range(99))",
        "NUMBERS[next(AT)]",
    ),
    "set": ("WORDS = list({str(n) for n in range(99)})\nAT = iter(range(99))", "int(WORDS[next(AT)]) - 49"),
}


def test_code_of_equal_hand_ins_draws_the_same(graded):
    codes = [OF_THE_STUDENT.format(before=before, chance=chance) for before, chance in CODES.values()]
    first, second = graded(ASKS, [*codes, *codes]), graded(ASKS, codes)
    assert first == [*second, *second]
    for name, passed in zip(CODES, second, strict=True):
        mine = [value for test, value in passed.items() if "sign" in test]
        assert 0 < sum(mine) < len(mine) == 24, name
