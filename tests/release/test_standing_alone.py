"""Every assignment of this course, released and used on a machine without this project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from autograder.course import assignment_ids, load_assignment, load_course
from autograder.errors import SpecError
from autograder.model import Assignment
from autograder.release import build_release
from tests.release.alone import make_machine

COURSE = load_course(Path(__file__).parents[2])


def loadable() -> list[str]:
    """One that does not load is no release yet; `dlc check` reports it with all its faults."""
    found = []
    for assignment_id in assignment_ids(COURSE):
        with suppress(SpecError):
            found.append(load_assignment(COURSE, assignment_id).id)
    return found


Run = tuple[str, str, bool]  # assignment, program, whether its solution is in the release


def released(run: Run, folder: Path) -> Callable[[], CompletedProcess[str]]:
    """Runs one program of a release where nothing else of ours is."""
    assignment_id, program, solution = run
    assignment = load_assignment(COURSE, assignment_id)
    others = tuple(assignment_ids(COURSE))
    build_release(COURSE, assignment, folder / "out", solution=solution, give_away=others)
    machine = make_machine(folder / "site", assignment.packages)
    return lambda: machine.python(folder / "out", "-m", program)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Run], CompletedProcess[str]]]:
    """ended(run): how it ended. Two run at a time."""
    runs: list[Run] = [
        (each, program, solution)
        for each in loadable()
        for program, solution in (("pytest", True), ("studentkit", True), ("pytest", False))
    ]
    # Releases are built in this thread alone: two threads that parse at a time confuse CPython 3.11
    # ("AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905).
    programs = {run: released(run, tmp_path_factory.mktemp("alone")) for run in runs}
    with ThreadPoolExecutor(2) as pool:
        waiting = {run: pool.submit(program) for run, program in programs.items()}
        yield lambda run: waiting[run].result()
        pool.shutdown(cancel_futures=True)


@pytest.fixture(params=loadable())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load_assignment(COURSE, request.param)


def test_solution_passes_every_public_test_alone(
    assignment: Assignment, ended: Callable[[Run], CompletedProcess[str]]
) -> None:
    run = ended((assignment.id, "pytest", True))
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{assignment.points:.1f} of {assignment.points:g}" in run.stdout
    hand_in = ended((assignment.id, "studentkit", True))
    assert hand_in.returncode == 0, hand_in.stdout + hand_in.stderr


def test_release_leaks_nothing_and_its_stubs_earn_nothing(
    assignment: Assignment, ended: Callable[[Run], CompletedProcess[str]]
) -> None:
    run = ended((assignment.id, "pytest", False))
    assert run.returncode == 1, run.stdout + run.stderr
    assert "passed" not in run.stdout
    assert f"0.0 of {assignment.points:g}" in run.stdout
