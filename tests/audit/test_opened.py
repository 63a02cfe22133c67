"""What is wrong with the public tests is said to the author, before students open them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.audit import faults_of_release
from autograder.audit.opened import findings_of_notebook
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
        return faults_of_release(course, load_assignment(course, "h1")).faults

    return found


def test_public_tests_that_ask_for_what_is_promised_have_no_fault(faults):
    assert faults(RIGHT) == []


BODY = RIGHT.partition("(student):\n")[2]
# Name of a test -> what is wrong with it, and what is said.
WRONG = {
    "test_value": (("== 6", "== 7"), "the solution fails test_value of double: "),
    "test_task": (('"double"', '"triple"'), "counts towards triple, which is no task; expected one of"),
    "test_part": (('"forward"', '"sideways"'), "counts towards sideways, which is no part of it; expected"),
    "test_mark": (('@task("double", part="forward")\n', ""), "counts towards no task; mark it by @task"),
    "test_stub": ((BODY, "    pass\n"), "the stub passes test_stub of double"),
}


def test_each_fault_is_named_with_its_file_and_its_test(faults):
    test = RIGHT.partition("import numpy as np\n")[2]
    bodies = [
        test.replace("test_three_becomes_six", name).replace(*change) for name, (change, _) in WRONG.items()
    ]
    found = faults("from studentkit import task\nimport numpy as np\n" + "".join(bodies))
    assert len(found) == len(WRONG)
    assert all("assignments/h1/test_public.py: " in fault for fault in found)
    for name, (_, says) in WRONG.items():
        assert any(name in fault and says in fault for fault in found), name


@pytest.mark.parametrize(
    ("public", "says"),
    [
        (RIGHT.replace("    assert", "    assert ("), "cannot be read or run with the solution: SyntaxError"),
        (RIGHT.replace("import numpy", "import numpie"), "No module named 'numpie'"),
        (RIGHT + "\n\nimport os; os._exit(3)\n", "cannot be read or run with the solution"),
    ],
    ids=["syntax", "import", "ends"],
)
def test_a_file_that_cannot_be_run_is_named(faults, public, says):
    (fault,) = faults(public)
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


EXPLORED = """
# %% [markdown]
# # Doubling

# %% [markdown]
# ## 1. Doubling

# %%
import numpy as np

out, _ = double_forward(np.array([3.0]))
assert out[0] == 6
"""


@pytest.fixture
def opened(tmp_path):
    def found(explored, packages=("numpy",)):
        make_course(tmp_path)
        (tmp_path / "assignments/h1/test_public.py").write_text(RIGHT)
        (tmp_path / "assignments/h1/notebook.py").write_text(explored)
        course = load_course(tmp_path)
        return findings_of_notebook(course, replace(load_assignment(course, "h1"), packages=packages))

    return found


def test_a_notebook_that_runs_with_the_solution_has_no_fault(opened):
    found = opened(EXPLORED)
    assert (found.faults, found.notes) == ([], [])


@pytest.mark.parametrize(
    ("explored", "says"),
    [
        (EXPLORED.replace("== 6", "== 7"), "fails with the solution, line 4: AssertionError"),
        (EXPLORED.replace("assert out", "assert (out"), "fails with the solution, line 4: SyntaxError"),
        (EXPLORED + "\nimport tinylib.nothing\n", "No module named 'tinylib.nothing'"),
        (EXPLORED + "\nimport nunpy\n", "No module named 'nunpy'"),
        (EXPLORED + "\nimport os; os._exit(0)\n", "cannot be executed with the solution"),
        (EXPLORED + "\nraise SystemExit\n", "fails with the solution, line 6: SystemExit"),
        (EXPLORED + "\ndef double_forward(x): return x, x\n", "its public tests do not all pass"),
    ],
    ids=["wrong value", "syntax", "module of the library", "misspelt", "ends", "exit", "work hidden"],
)
def test_a_fault_of_a_notebook_is_named_with_its_cell(opened, explored, says):
    (fault,) = opened(explored).faults
    assert fault.startswith("h1.ipynb: ")
    assert says in fault


def test_a_notebook_that_cannot_run_here_is_said_and_refused_nothing(opened):
    explored = EXPLORED.replace("import numpy as np", "import numpy as np\nimport numpie")
    found = opened(explored, ("numpy", "numpie"))
    assert found.faults == []
    assert found.notes[0].startswith("h1.ipynb was not executed: numpie is not installed here; cell ")
