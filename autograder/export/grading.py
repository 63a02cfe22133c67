"""Grades one hand-in on behalf of another grader, by our hidden tests and in our sandbox."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..course import load_assignment, load_course
from ..engine import Grader, Setup
from ..engine.assembly import open_grader
from ..errors import AutograderError
from ..grading import course_key, unpacked_key
from ..intake import HandIn, read_submission
from ..model import Report, Task


class NotJudged(AutograderError):
    """Our own graders failed on a notebook, so that no grade may be given."""

    exit_code = 1


def grade_notebook(course: Path, assignment_id: str, student: str, notebook: Mapping[str, Any]) -> Report:
    """Grade a notebook as a hand-in that holds nothing else.

    Args:
        course: folder of the course, as the other grader unpacked it.
        assignment_id: what is graded.
        student: name for the report.
        notebook: its JSON, in format 4.

    Raises:
        NotJudged: a grader of ours fails.
        TierUnavailable: this machine cannot isolate student code.
    """
    grader = _grader(course.resolve(), assignment_id, unpacked=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{assignment_id}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return _report(grader, HandIn(student, path))


def grade_hand_in(course: Path, assignment_id: str, student: str, path: Path) -> Report:
    """The report of a folder or file, by the hidden tests of the course.

    Raises NotJudged where a grader of ours fails, TierUnavailable where this machine cannot isolate.
    """
    return _report(_grader(course.resolve(), assignment_id), HandIn(student, path))


def _report(grader: Grader, hand_in: HandIn) -> Report:
    setup = grader.setup
    report = grader.grade(read_submission(setup.course, setup.assignment, hand_in))
    if report.status == "internal":
        name = setup.assignment.id
        raise NotJudged(f"{name} of {hand_in.student}: not graded, {report.reason}; grade it again")
    return report


def tasks_of(course: Path, assignment_id: str) -> tuple[Task, ...]:
    """The tasks of an assignment as the course has them now."""
    return _grader(course.resolve(), assignment_id).setup.assignment.tasks


@lru_cache(maxsize=1)
def _grader(root: Path, assignment_id: str, *, unpacked: bool = False) -> Grader:
    """Kept warm: a class is graded by one process."""
    course = load_course(root)
    assignment = load_assignment(course, assignment_id)
    key = unpacked_key(course.key_file) if unpacked else course_key(course)
    grader = open_grader(Setup(course, assignment, course.tier, key, diagnosed=False))
    atexit.register(grader.close)
    return grader
