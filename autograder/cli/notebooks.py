"""Exports for the graders of notebooks: nbgrader and otter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..course import load_assignment
from ..errors import AutograderError
from ..export.nbgrader import CONFIG, export_nbgrader
from ..export.otter import export_otter
from ..store import read_graded
from .options import CourseOption, KeyOption, announce, open_course, open_key

_Id = Annotated[str, typer.Argument(metavar="ID", help="Assignment, as `dlc list` names it.")]
_GiveAway = Annotated[
    list[str] | None,
    typer.Option("--give-away", metavar="ID", help="Show its solutions before its due date."),
]


def nbgrader(
    assignment_id: _Id,
    out: Annotated[Path, typer.Option("--out", "-o", help="Course directory of nbgrader.")],
    give_away: _GiveAway = None,
    course_folder: CourseOption = None,
) -> None:
    """Write a source notebook and a configuration with which nbgrader grades by our hidden tests."""
    course = open_course(course_folder)
    assignment = load_assignment(course, assignment_id)
    line = export_nbgrader(course, assignment, out, tuple(give_away or ()))
    announce(course)
    if line:
        print(f"{out / CONFIG}: is yours and stays; add as its last line: {line}")
    print(f"{out}: next, in that folder: nbgrader generate_assignment {assignment_id}")


def otter(
    assignment_id: _Id,
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the master notebook.")],
    give_away: _GiveAway = None,
    course_folder: CourseOption = None,
    key_file: KeyOption = None,
) -> None:
    """Write a master notebook of which `otter assign` makes a student's notebook and an autograder zip."""
    course = open_course(course_folder)
    assignment = load_assignment(course, assignment_id)
    key = open_key(course, key_file)
    export_otter(course, assignment, key, out, tuple(give_away or ()))
    announce(course)
    print(f"{out}: next, in that folder: otter assign {assignment_id}.ipynb dist --no-pdfs")


def nbgrader_gradebook(
    graded: Annotated[Path, typer.Argument(help="Folder that `dlc grade` wrote.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The gradebook.db of nbgrader's course.")],
) -> None:
    """Put scores and comments into nbgrader's gradebook, where formgrader shows them."""
    try:
        from ..export.gradebook import write_gradebook
    except ImportError as error:
        way_out = "pip install deep-learning-clinic[nbgrader]"
        raise AutograderError(
            f"nbgrader is not installed beside dlc; install the extra: {way_out}"
        ) from error
    reports = read_graded(graded)
    unseen = write_gradebook(reports, out)
    print(f"{out}: {sum(report.score is not None for report in reports)} students")
    if unseen:
        print(f"formgrader shows no notebook, since nothing lies in submitted/, of: {', '.join(unseen)}")
