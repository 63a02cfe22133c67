"""The core without what measures speed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny_course import hand_in, make_course

ROOT = Path(__file__).parents[2]
GRADES = """
import json, sys
from pathlib import Path
from autograder.course import load_assignment, load_course
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.intake import find_hand_ins, read_submission

import autograder
course = load_course(Path(sys.argv[1]))
assignment = load_assignment(course, "h1")
(found,) = find_hand_ins([Path(sys.argv[2])], course.library)
with open_grader(Setup(course, assignment, 1, b"k" * 32)) as grader:
    report = grader.grade(read_submission(course, assignment, found))
heavy = [name for name in sys.modules if name in ("torch", "triton", "autograder.speed")]
print(json.dumps({"score": report.score, "heavy": heavy, "file": autograder.__file__}))
"""


@pytest.fixture
def without(tmp_path):
    """A copy of the framework in which `speed` is as good as not there, first on the path."""
    shutil.copytree(
        ROOT / "autograder", tmp_path / "copy/autograder", ignore=shutil.ignore_patterns("__pycache__")
    )
    speed = tmp_path / "copy/autograder/speed"
    shutil.rmtree(speed)
    speed.mkdir()  # or the finder of an editable installation would find the one of this tree
    (speed / "__init__.py").write_text("raise ModuleNotFoundError(f'No module named {__name__}')\n")
    return tmp_path / "copy"


def run(where, *words):
    command = [sys.executable, *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(where)}
    return subprocess.run(
        command, cwd=where, env=env, capture_output=True, text=True, check=False, timeout=1_800
    )


@pytest.mark.parametrize("installed", [True, False])
def test_an_assignment_without_speed_is_graded_and_nothing_heavy_is_imported(tmp_path, without, installed):
    course = make_course(tmp_path / "course")
    where = ROOT if installed else without
    done = run(where, "-c", GRADES, course.root, hand_in(tmp_path / "ada"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert Path(found["file"]).is_relative_to(where)
    assert (found["score"], found["heavy"]) == (100.0, [])


def test_by_the_command_too(tmp_path, without):
    course = make_course(tmp_path / "course")
    words = (
        "grade",
        "h1",
        hand_in(tmp_path / "ada"),
        "-o",
        tmp_path / "out",
        "--course",
        course.root,
        "--json",
    )
    done = run(without, "-m", "autograder", *words)
    assert done.returncode == 0, done.stderr
    assert [each["score"] for each in json.loads(done.stdout)["reports"]] == [100.0]


def test_an_assignment_with_speed_says_what_is_missing(tmp_path, without):
    course = make_course(tmp_path / "course")
    specification = course.root / "assignments/h1/assignment.yaml"
    specification.write_text(
        specification.read_text().replace("{forward: 2, backward: 1}", "{forward: 2, backward: 1, speed: 1}")
    )
    words = ("grade", "h1", hand_in(tmp_path / "ada"), "-o", tmp_path / "out", "--course", course.root)
    done = run(without, "-m", "autograder", *words)
    assert done.returncode == 2
    assert "h1: tasks have parts speed, which need autograder.speed, but No module named" in " ".join(
        done.stderr.split()
    )
    assert "Traceback" not in done.stderr
