"""What another grader would run, graded by ours: its code runs in the sandbox alone."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..engine import Grader, Setup
from ..errors import AutograderError
from ..grading import read_key
from ..intake import HandIn, read_submission
from ..model import Report, Task
from ..spec import load_assignment, load_course


class NotJudged(AutograderError):
    """Our own graders failed on a notebook, so that no grade may be given."""

    exit_code = 1


def grade_notebook(course: Path, assignment_id: str, student: str, notebook: Mapping[str, Any]) -> Report:
    """The report of a notebook of format 4, as of a hand-in that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{assignment_id}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return grade_hand_in(course, assignment_id, student, path)


def grade_hand_in(course: Path, assignment_id: str, student: str, path: Path) -> Report:
    """The report of a folder or file, by the hidden tests of the course.

    Raises NotJudged where a grader of ours fails, TierUnavailable where this machine cannot isolate.
    """
    grader = _grader(course.resolve(), assignment_id)
    setup = grader.setup
    report = grader.grade(read_submission(setup.course, setup.assignment, HandIn(student, path)))
    if report.status == "internal":
        raise NotJudged(f"{assignment_id} of {student}: not graded, {report.reason}; grade it again")
    return report


def tasks_of(course: Path, assignment_id: str) -> tuple[Task, ...]:
    """The tasks of an assignment as the course has them now."""
    return _grader(course.resolve(), assignment_id).setup.assignment.tasks


@lru_cache(maxsize=1)
def _grader(root: Path, assignment_id: str) -> Grader:
    """Kept warm: a class is graded by one process."""
    course = load_course(root)
    assignment = load_assignment(course, assignment_id)
    grader = Grader(Setup(course, assignment, course.tier, read_key(course.key_file), diagnosed=False))
    atexit.register(grader.close)
    return grader
