"""What students open: the public tests and the notebook of a written release, run as students run them.

The solution has to pass all of them and to see all its points, the stub must pass none, and what they count
towards has to stand in the specification. The notebook of the solution has to run from top to bottom and to
pass the tests. All of it is our own code: it runs outside the sandbox.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..interpreter import FOLDER, command, environment
from ..model import Assignment, Course
from ..release.contents import release_files
from ..release.folder import write_files

_PUBLIC = "test_public.py"
_WALL_S = 900


@dataclass(frozen=True)
class Opened:
    """What was found in a release that was opened, one sentence each."""

    faults: list[str] = field(default_factory=list)  # to be mended
    notes: list[str] = field(default_factory=list)  # what could not be looked at here


@dataclass(frozen=True)
class _Test:
    """What became of one public test."""

    name: str
    task: str
    part: str
    passed: bool
    why: str

    def __str__(self) -> str:
        return f"{self.name} of {self.task}" if self.task else self.name


def faults_of_release(course: Course, assignment: Assignment) -> Opened:
    """What is to be mended in the public tests and the notebook."""
    faults = _faults_of_tests(course, assignment)
    if faults:  # the notebook runs these tests as well
        return Opened(faults)
    return findings_of_notebook(course, assignment)


def _faults_of_tests(course: Course, assignment: Assignment) -> list[str]:
    path = assignment.folder / _PUBLIC
    solution, told = _outcomes(course, assignment, solution=True)
    if solution is None:
        return [f"{path}: the public tests cannot be read or run with the solution: {told}"]
    stub, told = _outcomes(course, assignment, solution=False)
    if stub is None:
        return [f"{path}: the public tests cannot be read or run with the stubs: {told}"]
    found = [*_unknown(assignment, solution), *_lost(solution), *_given(stub)]
    return [f"{path}: {sentence}" for sentence in found]


def _unknown(assignment: Assignment, tests: list[_Test]) -> Iterator[str]:
    weights = {task.id: task.weights for task in assignment.tasks}
    for test in tests:
        if not test.task:
            yield f"{test} counts towards no task; mark it by @task"
        elif test.task not in weights:
            tasks = ", ".join(weights)
            yield f"{test.name} counts towards {test.task}, which is no task; expected one of {tasks}"
        elif test.part not in weights[test.task]:
            parts = ", ".join(weights[test.task])
            yield f"{test} counts towards {test.part}, which is no part of it; expected one of {parts}"


def _lost(tests: list[_Test]) -> Iterator[str]:
    yield from (f"the solution fails {test}: {test.why}" for test in tests if not test.passed)


def _given(tests: list[_Test]) -> Iterator[str]:
    yield from (
        f"the stub passes {test}; ask for something that only work gives" for test in tests if test.passed
    )


def _outcomes(course: Course, assignment: Assignment, *, solution: bool) -> tuple[list[_Test] | None, str]:
    """The tests of a release, or why there are none."""
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        write_files(release, release_files(course, assignment, solution=solution))
        told, output = _run("autograder.audit.public_run", str(release))
    if told is None:
        return None, output
    if told["unread"]:
        return None, _first_fault(output)
    return [_Test(**test) for test in told["tests"]], ""


def findings_of_notebook(course: Course, assignment: Assignment) -> Opened:
    """What is to be mended in the notebook."""
    name = f"{assignment.id}.ipynb"
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        write_files(release, release_files(course, assignment, solution=True))
        told, output = _run("autograder.audit.notebook_run", str(release), name)
    if told is None:
        return Opened([f"{name}: cannot be executed with the solution: {output}"])
    cell, lacks = f"cell {told['cell']}", told["lacks"]
    if lacks in (*assignment.packages, "matplotlib") and find_spec(lacks) is None:
        return Opened(notes=[f"{name} was not executed: {lacks} is not installed here; {cell} imports it"])
    if told["says"]:
        return Opened([f"{name}: {cell} fails with the solution, {told['says']}"])
    # Cells may hide the work of the modules from the tests.
    if not re.search(r"^\d+ passed(?!.* (failed|errors?)\b).* in ", told["printed"]["tests"], re.MULTILINE):
        return Opened([f"{name}: its public tests do not all pass with the solution"])
    return Opened()


def _run(module: str, *words: str) -> tuple[Mapping[str, Any] | None, str]:
    """What a process of ours tells, and what it printed; or why it tells nothing."""
    try:
        done = subprocess.run(
            command(module, *words),
            cwd=FOLDER,
            env=environment(MPLBACKEND="Agg"),
            capture_output=True,
            text=True,
            timeout=_WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"no end within {_WALL_S} s"
    told = _told(done.stdout)
    if not told:
        return None, (done.stderr.strip().splitlines() or ["the process ended"])[-1]
    return told, done.stdout


def _told(output: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(output.rstrip().splitlines()[-1])
    except (IndexError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _first_fault(output: str) -> str:
    """The line that says what is wrong: pytest's own words begin with E."""
    lines = [line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E ")]
    return lines[-1] if lines else "see pytest in the release"
