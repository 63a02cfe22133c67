"""What a student types in a release: a task's id picks its tests, and asking for help writes nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.course import load_assignment
from autograder.release import build_release
from tests.tiny_course import make_course


@pytest.fixture
def release(tmp_path):
    course = make_course(tmp_path / "course")
    build_release(course, load_assignment(course, "h1"), tmp_path / "out", solution=True)

    def run(*words):
        command = [sys.executable, "-m", *words]
        env = {**os.environ, "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            command, cwd=tmp_path / "out", env=env, capture_output=True, text=True, check=False
        )

    return run


def test_id_of_a_task_picks_its_tests(release):
    done = release("pytest", "-k", "double")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout or "60.0 of 60" in done.stdout


def test_asking_for_help_writes_nothing(release, tmp_path):
    for words in (("--help",), ("-h",)):
        done = release("studentkit", *words)
        assert done.returncode == 0
        assert "writes the zip" in done.stdout
    assert not list((tmp_path / "out").glob("*.zip"))


def test_options_that_do_not_exist_are_refused(release, tmp_path):
    done = release("studentkit", "--out", "here")
    assert done.returncode == 2
    assert "writes the zip" in done.stderr
    assert not list((tmp_path / "out").glob("*.zip"))
