"""What is wrong with the public tests is said to the author, before students open them."""

from __future__ import annotations

import pytest

from autograder.audit import faults_of_release
from autograder.course import load_assignment, load_course
from tests.cli.test_grade import dlc
from tests.tiny_course import make_course

RIGHT = """
from studentkit import task
import numpy as np


@task("double", part="forward")
def test_three_becomes_six(student):
    out, _ = student.scaling.double_forward(np.array([3.0]))
    assert out[0] == 6
"""


@pytest.fixture
def faults(tmp_path):
    def found(public):
        make_course(tmp_path)
        (tmp_path / "assignments/h1/test_public.py").write_text(public)
        course = load_course(tmp_path)
        return faults_of_release(course, load_assignment(course, "h1"))

    return found


def test_public_tests_that_ask_for_what_is_promised_have_no_fault(faults):
    assert faults(RIGHT) == []


@pytest.mark.parametrize(
    ("public", "says"),
    [
        (RIGHT.replace("== 6", "== 7"), "the solution fails test_three_becomes_six of double: "),
        (RIGHT.replace("    assert", "    assert ("), "cannot be read or run with the solution: SyntaxError"),
        (RIGHT.replace("import numpy", "import numpie"), "No module named 'numpie'"),
        (
            RIGHT.replace('"double"', '"triple"'),
            "counts towards triple, which is no task; expected one of double",
        ),
        (
            RIGHT.replace('"forward"', '"sideways"'),
            "counts towards sideways, which is no part of it; expected",
        ),
        (RIGHT.replace('@task("double", part="forward")\n', ""), "counts towards no task; mark it by @task"),
        (RIGHT.partition("    out, _")[0] + "    pass\n", "the stub passes test_three_becomes_six of double"),
        (RIGHT + "\n\nimport os; os._exit(3)\n", "cannot be read or run with the solution"),
    ],
    ids=["wrong value", "syntax", "import", "task", "part", "no mark", "stub passes", "ends"],
)
def test_a_fault_is_named_with_its_file(faults, public, says):
    (fault, *_) = faults(public)
    assert "assignments/h1/test_public.py: " in fault
    assert says in fault


def test_check_tells_it_and_a_release_is_refused(tmp_path):
    make_course(tmp_path)
    (tmp_path / "assignments/h1/test_public.py").write_text(RIGHT.replace("== 6", "== 7"))
    checked = dlc("check", "h1", folder=tmp_path)
    assert checked.returncode == 1
    assert "the solution fails test_three_becomes_six" in " ".join(checked.stdout.split())
    refused = dlc("release", "h1", "-o", "out", folder=tmp_path)
    assert refused.returncode == 1
    assert "the solution fails test_three_becomes_six" in " ".join(refused.stderr.split())
    assert not (tmp_path / "out").exists()
