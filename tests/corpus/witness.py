"""The witness: hand-ins as people and language models write them today, each with what grading must say.

`witness/{first,second}/<assignment>/<name>/` holds the modules of one hand-in, `expected.yaml` of each
half says what it is. The halves are alike; the second is kept for figures. Who wrote them had not seen
the catalogue of mistakes, so that the names given here are independent of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from autograder.course import find_course, load_assignment
from autograder.model import Report, Submission
from autograder.release import project

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "tests/corpus/witness"
HALVES = ("first", "second")
COURSE = find_course(ROOT)


@dataclass(frozen=True)
class Witness:
    """One hand-in, as `expected.yaml` describes it."""

    half: str
    id: str  # assignment/name
    tasks: list[str]  # what it is judged by: of the modules it fills, other tasks may be left out
    style: str = ""  # how it is written
    loses: str = ""  # the task with the mistake; nothing where it is right
    kind: str = ""  # of the mistake, one of `KINDS` in test_witness.py
    mistake: str = ""  # its name, as a teaching assistant would say it
    until: int | None = None  # the issue that makes grading judge it rightly; today it does not

    @property
    def folder(self) -> Path:
        """Where its modules lie."""
        return FOLDER / self.half / self.id

    @property
    def assignment(self) -> str:
        """Id of the assignment."""
        return self.id.partition("/")[0]


def witnesses(half: str) -> list[Witness]:
    """All hand-ins of a half."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load(
        (FOLDER / half / "expected.yaml").read_text(encoding="utf-8")
    )
    return [Witness(half, name, **entry) for name, entry in entries.items()]


def submission(witness: Witness) -> Submission:
    """What is handed in: its own modules, and the solution's where it has none."""
    own = {path.stem: path.read_text(encoding="utf-8") for path in witness.folder.iterdir()}
    modules = {**_solved(witness.assignment), **own}
    return Submission(f"{witness.half}/{witness.id}", witness.assignment, modules)


def fault(witness: Witness, report: Report) -> str:
    """What grading got wrong, in a sentence; nothing where its verdict is the expected one."""
    lost = _lost(report, witness.tasks)
    if set(lost) == ({witness.loses} if witness.loses else set()):
        return ""
    wanted = f"loses points in {witness.loses}" if witness.loses else "loses nothing"
    return f"{witness.half}/{witness.id} {wanted}, but lost {lost or 'nothing'}"


@cache
def _solved(assignment_id: str) -> Mapping[str, str]:
    """Module -> text of the solution, for the modules that students write."""
    assignment = load_assignment(COURSE, assignment_id)
    files = project(COURSE, assignment, solution=True)
    places = {source.partition(":")[0] for task in assignment.tasks for source in task.source}
    return {place.rpartition(".")[2]: files[place.replace(".", "/") + ".py"] for place in places}


def _lost(report: Report, tasks: list[str]) -> Mapping[str, float]:
    """Task -> points lost, of these tasks. What is open costs nothing."""
    lost = {each.task: each.max_score - each.open_points - (each.score or 0) for each in report.tasks}
    return {task: round(lost[task], 4) for task in tasks if lost[task] > 1e-6}
