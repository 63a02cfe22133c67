"""Every assignment of this course, released and used on a machine without this project."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from autograder.errors import SpecError
from autograder.model import Assignment, Course
from autograder.release import build_release
from autograder.spec import assignment_ids, load_assignment, load_course
from tests.release.alone import make_machine

COURSE = load_course(Path(__file__).parents[2])


def loadable() -> list[str]:
    """One that does not load is no release yet; `dlc check` reports it with all its faults."""
    found = []
    for assignment_id in assignment_ids(COURSE):
        with suppress(SpecError):
            found.append(load_assignment(COURSE, assignment_id).id)
    return found


@pytest.fixture(params=loadable())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load_assignment(COURSE, request.param)


def released(course: Course, assignment: Assignment, out: Path, *, solution: bool) -> Path:
    others = tuple(assignment_ids(course))
    build_release(course, assignment, out, solution=solution, give_away=others)
    return out


def test_solution_passes_every_public_test_alone(assignment: Assignment, tmp_path: Path) -> None:
    out = released(COURSE, assignment, tmp_path / "out", solution=True)
    run = make_machine(tmp_path / "site", assignment.packages).python(out, "-m", "pytest")
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{assignment.points:.1f} of {assignment.points:g}" in run.stdout
    hand_in = make_machine(tmp_path / "site2", assignment.packages).python(out, "-m", "studentkit")
    assert hand_in.returncode == 0, hand_in.stdout + hand_in.stderr


def test_release_leaks_nothing_and_its_stubs_earn_nothing(assignment: Assignment, tmp_path: Path) -> None:
    out = released(COURSE, assignment, tmp_path / "out", solution=False)
    run = make_machine(tmp_path / "site", assignment.packages).python(out, "-m", "pytest")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "passed" not in run.stdout
    assert f"0.0 of {assignment.points:g}" in run.stdout
