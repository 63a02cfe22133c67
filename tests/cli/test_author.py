"""`dlc list`, `check` and `release` as an instructor runs them."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import dlc
from tests.tiny_course import make_course


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path)
    return tmp_path


def test_list_shows_assignments_tasks_and_points(course):
    done = dlc("list", folder=course)
    assert done.returncode == 0
    assert "h1" in done.stdout
    (found,) = json.loads(dlc("list", "--json", folder=course).stdout)["assignments"]
    assert (found["id"], found["points"]) == ("h1", 100)
    assert [task["id"] for task in found["tasks"]] == ["double", "total"]


def test_check_proves_solution_full_and_stub_empty(course):
    done = dlc("check", "--json", folder=course)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads(done.stdout)["assignments"]
    assert found == {
        "id": "h1",
        "tasks": 2,
        "points": 100,
        "solution_score": 100,
        "stub_score": 0,
        "leaks": [],
        "faults": [],
        "notes": [],
    }


def test_check_finds_a_grader_that_the_solution_fails(course):
    path = course / "graders/h1/test_total.py"
    path.write_text(path.read_text().replace("x.sum()", "x.sum() + 1"))
    done = dlc("check", "--json", folder=course)
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)["assignments"]
    assert found["solution_score"] == 80
    assert "test_total.py::test_sum" in found["faults"][0]


def test_check_tells_every_fault_of_a_specification(course):
    path = course / "assignments/h1/assignment.yaml"
    path.write_text(path.read_text().replace("points: 60", "points: many").replace("wall_s: 1", "wall_s: 0"))
    done = dlc("check", folder=course)
    assert done.returncode == 1
    assert "many" in done.stdout
    assert "wall_s" in done.stdout


def test_a_release_is_written_and_a_second_run_is_told_apart(course):
    done = dlc("release", "h1", "-o", "release", folder=course)
    assert done.returncode == 0, done.stderr
    assert "NotImplementedError" in (course / "release/tinylib/scaling.py").read_text()
    (course / "foreign").mkdir()
    (course / "foreign/thesis.txt").write_text("mine")
    refused = dlc("release", "h1", "-o", "foreign", folder=course)
    assert refused.returncode == 2
    assert "foreign" in refused.stderr
    assert (course / "foreign/thesis.txt").read_text() == "mine"


def test_a_release_that_leaks_is_refused_and_nothing_is_written(course):
    path = course / "assignments/h1/handout.md"
    path.write_text("# Doubling\n\n    entries = x.ravel()\n    return float(entries.sum())\n")
    done = dlc("release", "h1", "-o", "release", folder=course)
    assert done.returncode == 1
    assert "handout.md" in done.stderr
    assert not (course / "release").exists()


def test_the_solution_release_is_a_hand_in_with_full_marks(course):
    dlc("release", "h1", "-o", "done", "--solution", folder=course)
    graded = dlc("grade", "h1", "done", "-o", "out", "--json", folder=course)
    (report,) = json.loads(graded.stdout)["reports"]
    assert report["score"] == 100
