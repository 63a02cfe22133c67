"""JAX, with no line of the framework but its own file: an assignment of two tasks, graded in the sandbox."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.engine import Grader, Setup
from autograder.errors import SpecError
from autograder.frameworks.jax import JAX
from autograder.intake import find_hand_ins, read_submission
from autograder.release import build_release, project
from tests.frameworks.course import RIGHT, make_assignment, make_course

pytest.importorskip("jax", reason="JAX is not installed")
KEY = b"k" * 32


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("course"))
    return Setup(course, make_assignment(course), 1, KEY)


@pytest.fixture(scope="module")
def grader(setup):
    with Grader(setup) as warm:
        yield warm


@pytest.fixture
def grade(setup, grader, tmp_path):
    def graded(text):
        (tmp_path / "ada/jaxlab").mkdir(parents=True)
        (tmp_path / "ada/jaxlab/dense.py").write_text(text, encoding="utf-8")
        (found,) = find_hand_ins([tmp_path / "ada"], setup.course.library)
        return grader.grade(read_submission(setup.course, setup.assignment, found))

    return graded


def told(report):
    return {f"{result.verdict}: {result.message} {result.detail}" for result in report.results}


def test_right_code_gets_all_points(grade):
    report = grade(RIGHT)
    assert report.score == 100, told(report)


def test_the_reference_gets_all_points_and_the_stub_none(grade, setup, tmp_path):
    report = grade(project(setup.course, setup.assignment, solution=True)["jaxlab/dense.py"])
    assert report.score == 100, told(report)


def test_the_stub_keeps_what_every_student_imports(setup):
    stub = project(setup.course, setup.assignment)["jaxlab/dense.py"]
    assert "import jax\n" in stub
    assert "import jax.numpy as jnp\n" in stub


def test_a_mistake_costs_its_own_task(grade):
    assert grade(RIGHT.replace("2 * x.T", "x.T")).score == 60


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("import numpy as np; return np.tanh(np.asarray(x) @ np.asarray(w) + np.asarray(b))", "a jax array"),
        ("import torch; return x", "ModuleNotFoundError"),
        ("import scipy.special; import sklearn; return x", "ModuleNotFoundError"),
        ("return jnp.ones((1 << 20, 1 << 20))", "memory"),
        ("return jax.device_put(x, jax.devices('gpu')[0])", "asked for a GPU, and there is none"),
        ("import autograder; return x", "ModuleNotFoundError"),
    ],
    ids=["numpy", "torch", "sklearn", "memory", "device", "grader"],
)
def test_what_cannot_be_judged_is_told_and_costs_its_own_task(grade, body, says):
    report = grade(RIGHT.replace("return jnp.tanh(jnp.dot(x, w) + b)", body).replace("@jax.jit", ""))
    assert report.score == 40, told(report)
    assert all(says in each for each in told(report) if not each.startswith("passed")), told(report)


def test_a_public_test_runs_beside_the_student(setup, tmp_path):
    build_release(setup.course, setup.assignment, tmp_path / "out", solution=True)
    run = subprocess.run(
        [sys.executable, "-I", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_its_bound_is_that_of_what_is_tested_here():
    assert f'"{JAX.requirement}"' in (Path(__file__).parents[2] / "pyproject.toml").read_text(
        encoding="utf-8"
    )


def test_it_needs_threads(setup, tmp_path):
    course = make_course(tmp_path)
    path = tmp_path / "assignments/j1/assignment.yaml"
    path.write_text(path.read_text().replace("{wall_s: 20}", "{threads: false}"))
    with pytest.raises(SpecError, match=r"assignment.yaml:\d+: `limits` forbids threads, which jax needs"):
        make_assignment(course)
