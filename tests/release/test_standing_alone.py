"""Assignments of this course, released and used on a machine without this project."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from autograder.course import assignment_ids, load_assignment, load_course
from autograder.errors import SpecError
from autograder.release import build_release
from tests.release.alone import make_machine

COURSE = load_course(Path(__file__).parents[2])
SAMPLE = 2  # assignments in `make test`
COVERED = ("assignments", "autograder/release", "autograder/studentkit", "dlc_lib")


def loadable() -> list[str]:
    """One that does not load is no release yet; `dlc check` reports it with all its faults."""
    found = []
    for assignment_id in assignment_ids(COURSE):
        with suppress(SpecError):
            found.append(load_assignment(COURSE, assignment_id).id)
    return found


@pytest.fixture
def names(rounds: Callable[[int, int], range], seed: int) -> list[str]:
    """The assignments that are tried: first one of each set of packages, the smallest set first."""
    every = loadable()
    random.Random(seed).shuffle(every)
    packages = {name: load_assignment(COURSE, name).packages for name in every}
    first = {wanted: name for name, wanted in packages.items()}.values()
    every.sort(key=lambda name: (name not in first, len(packages[name])))
    return every[: len(rounds(SAMPLE, len(every)))]


Run = tuple[str, str, bool]  # assignment, program, whether its solution is in the release


def released(run: Run, folder: Path) -> Callable[[], CompletedProcess[str]]:
    """Runs one program of a release where nothing else of ours is."""
    assignment_id, program, solution = run
    assignment = load_assignment(COURSE, assignment_id)
    others = tuple(assignment_ids(COURSE))
    build_release(COURSE, assignment, folder / "out", solution=solution, give_away=others)
    machine = make_machine(folder / "site", assignment.packages)
    return lambda: machine.python(folder / "out", "-m", program)


def ended(runs: Iterable[Run], folder: Path) -> dict[Run, CompletedProcess[str]]:
    """How each run ended. Two run at a time."""
    # Releases are built in this thread alone: two threads that parse at a time confuse CPython 3.11
    # ("AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905).
    programs = {run: released(run, folder / "-".join(map(str, run))) for run in runs}
    with ThreadPoolExecutor(2) as pool:
        waiting = {run: pool.submit(program) for run, program in programs.items()}
    return {run: each.result() for run, each in waiting.items()}


@pytest.mark.soak(*COVERED)
def test_solution_passes_every_public_test_alone(names: list[str], tmp_path: Path) -> None:
    runs: list[Run] = [(name, program, True) for name in names for program in ("pytest", "studentkit")]
    for (name, program, _), run in ended(runs, tmp_path).items():
        assert run.returncode == 0, name + run.stdout + run.stderr
        points = load_assignment(COURSE, name).points
        assert program != "pytest" or f"{points:.1f} of {points:g}" in run.stdout, name


@pytest.mark.soak(*COVERED)
def test_release_leaks_nothing_and_its_stubs_earn_nothing(names: list[str], tmp_path: Path) -> None:
    for (name, *_), run in ended([(name, "pytest", False) for name in names], tmp_path).items():
        assert run.returncode == 1, name + run.stdout + run.stderr
        assert "passed" not in run.stdout, name
        assert f"0.0 of {load_assignment(COURSE, name).points:g}" in run.stdout, name
