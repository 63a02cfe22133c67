"""The report of a release, as a student sees it in a terminal or a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import load_assignment
from autograder.release import build_release
from tests.release.alone import Machine, make_machine
from tests.release.course import make_course
from tests.release.test_build import LATER


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return make_machine(tmp_path / "site")


def build(tmp_path: Path, *, solution: bool) -> Path:
    course = make_course(tmp_path / "course")
    out = tmp_path / "release"
    build_release(course, load_assignment(course, "a2_second"), out, solution=solution, now=LATER)
    return out


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    return build(tmp_path, solution=False)


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    return build(tmp_path, solution=True)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_machine_has_nothing_of_ours(machine: Machine, tmp_path: Path) -> None:
    for name in ("autograder", "dlc_lib", "yaml"):
        assert "ModuleNotFoundError" in machine.python(tmp_path, "-c", f"import {name}").stderr


def test_solution_gets_all_points(machine: Machine, solution: Path) -> None:
    run = machine.python(solution, "-m", "pytest")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "60.0 of 60" in run.stdout
    assert "100.0 of 100" in run.stdout
    assert "Hidden tests, on other shapes and values, decide" in run.stdout


def test_stub_fails_every_test_and_says_what_is_not_done(machine: Machine, stub: Path) -> None:
    run = machine.python(stub, "-m", "pytest")
    assert run.returncode == 1
    assert "4 failed" in run.stdout
    assert "not done yet: whiten_forward, whiten_backward" in run.stdout
    assert "not done yet: Layer.apply" in run.stdout
    assert "0.0 of 100" in run.stdout
    assert "NotImplementedError" not in run.stdout


def test_points_follow_the_weights_of_the_parts(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "return dout / deviation", "return dout * deviation")
    run = machine.python(solution, "-m", "pytest")
    assert "36.0 of 60" in run.stdout  # backward has 40 of 100
    assert "76.0 of 100" in run.stdout


def test_failure_says_property_size_and_place(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "return dout / deviation", "return dout * 0 + 0.5")
    run = machine.python(solution, "-m", "pytest")
    assert "dx: relative error 0.45, at most 1e-06 accepted; 50% of the entries are wrong" in run.stdout
    assert "worst at (0, 1): got 0.5, expected 0.25" in run.stdout
    assert "        | #|\n" in run.stdout
    assert "compare.py" not in run.stdout


def test_exception_is_shown_where_the_student_raised_it(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "return dout / deviation", "print('here', 7)\n    return dout / missing")
    run = machine.python(solution, "-m", "pytest")
    line = (solution / "mylib/ops.py").read_text("utf-8").split("\n").index("    return dout / missing") + 1
    assert "NameError: name 'missing' is not defined" in run.stdout
    assert f"mylib/ops.py:{line}, in whiten_backward" in run.stdout
    assert "      here 7\n" in run.stdout
    assert "local.py" not in run.stdout


def test_exception_not_raised_is_named(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "if len(x) < 2:", "if len(x) < 0:")
    run = machine.python(solution, "-m", "pytest", "-W", "ignore")
    assert "test_whiten_refuses_one_example\n    nothing was raised; expected ValueError" in run.stdout


def test_syntax_error_is_told_once_with_its_line(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "return dout / deviation", "return dout deviation")
    run = machine.python(solution, "-m", "pytest")
    assert run.stdout.count("Python cannot read this") == 2  # once a task
    assert "mylib/ops.py:" in run.stdout
    assert "0.0 of 100" in run.stdout


def test_wrong_kind_of_reply_is_told(machine: Machine, solution: Path) -> None:
    edit(solution, "mylib/ops.py", "return (x - mean) / deviation, (mean, deviation)", "return x")
    run = machine.python(solution, "-m", "pytest")
    assert "whiten_forward returned an array of shape (2, 2); expected 2 values" in run.stdout


def test_tests_left_out_are_told(machine: Machine, solution: Path) -> None:
    run = machine.python(solution, "-m", "pytest", "-k", "whiten")
    assert "1 tests did not run" in run.stdout
    assert "not run, of 40" in run.stdout


def test_own_test_without_a_task_counts_for_nothing(machine: Machine, solution: Path) -> None:
    with (solution / "test_public.py").open("a") as file:
        file.write("\ndef test_mine(student, rng):\n    assert rng.integers(9) > 99, 'as I expected'\n")
    run = machine.python(solution, "-m", "pytest")
    assert "your own tests\n  test_mine\n    as I expected" in run.stdout
    assert "100.0 of 100" in run.stdout


def test_tests_that_cannot_be_read_are_told(machine: Machine, solution: Path) -> None:
    with (solution / "test_public.py").open("a") as file:
        file.write("\nimport nothing_of_this_name\n")
    run = machine.python(solution, "-m", "pytest")
    assert run.returncode == 2
    assert "test_public.py: its tests cannot be read" in run.stdout
    assert "nothing_of_this_name" in run.stdout


def test_release_without_its_list_of_tasks_says_so(machine: Machine, solution: Path) -> None:
    (solution / "assignment.json").unlink()
    run = machine.python(solution, "-m", "pytest")
    assert run.returncode == 4
    assert "assignment.json: missing or damaged; copy it again from the release" in run.stderr


NOTEBOOK = '''
import numpy as np
def whiten_forward(x):
    """Done in the notebook."""
    if len(x) < 2:
        raise ValueError
    d = x.std(axis=0)
    return (x - x.mean(axis=0)) / d, (x.mean(axis=0), d)
def whiten_backward(dout, cache):
    """Not done."""
    raise NotImplementedError("a2/whiten_backward")
from studentkit.plugin import check
check(globals())
def whiten_backward(dout, cache):
    return dout / cache[1]
check(globals())
'''


def test_notebook_is_tested_again_and_again_with_what_it_defines(machine: Machine, stub: Path) -> None:
    run = machine.python(stub, "-c", NOTEBOOK)
    assert "36.0 of 60" in run.stdout, run.stdout + run.stderr
    assert "not done yet: whiten_backward" in run.stdout
    assert "60.0 of 60" in run.stdout
    assert "Warning" not in run.stdout + run.stderr


USED = """
import numpy as np
from studentkit.notebook import use
from studentkit.plugin import check
import mylib.ops
def whiten_backward(dout, cache):
    raise NotImplementedError("a2/whiten_backward")
class Layer:
    def __init__(self, w): self.w = w
    def apply(self, x): return "mine"
def through_the_library():
    layer, backward = mylib.ops.Layer(None), mylib.ops.whiten_backward
    return layer.apply(None), backward.__module__
use(globals())
print(through_the_library())
def whiten_backward(dout, cache):
    return dout
check(globals())
use(globals())
print(through_the_library())
"""


def test_library_calls_what_the_notebook_has_finished(machine: Machine, stub: Path) -> None:
    run = machine.python(stub, "-c", USED)
    assert "('mine', 'mylib.ops')\n" in run.stdout, run.stdout + run.stderr
    assert run.stdout.endswith("('mine', '__main__')\n")


STUB_IN_NOTEBOOK = """
def whiten_forward(x):
    raise NotImplementedError("a2/whiten_forward")
from pathlib import Path
from studentkit.plugin import check
check(globals())
path = Path("mylib/ops.py")
path.write_text(path.read_text().replace("return dout / deviation", "return dout"))
check(globals())
"""


def test_notebook_takes_from_the_files_what_it_does_not_do_as_they_are_now(
    machine: Machine, solution: Path
) -> None:
    run = machine.python(solution, "-c", STUB_IN_NOTEBOOK)
    first, second = run.stdout.split("Points as the public tests see them")[:2]
    assert "60.0 of 60" in first, run.stdout + run.stderr
    assert "36.0 of 60" in second
