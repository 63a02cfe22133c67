"""Exports for platforms that run graders: Gradescope and GitHub Classroom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..course import load_assignment
from ..errors import AutograderError
from ..export.classroom import write_classroom
from ..export.gradescope.bundle import write_autograder
from ..export.gradescope.rules import RateLimit, Rules, Visibility
from ..model import Draw
from .options import CourseOption, DrawOption, KeyOption, announce, open_course, open_key


def gradescope(
    assignment_id: Annotated[str, typer.Argument(metavar="ID", help="Assignment, as `dlc list` names it.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Zip to write.")],
    rate_limit: Annotated[
        str | None,
        typer.Option("--rate-limit", metavar="N/HOURS", help="Submissions graded in so many hours."),
    ] = None,
    visibility: Annotated[
        Visibility,
        typer.Option(
            "--visibility",
            help="When students see their tests; until then there is no total and no leaderboard.",
        ),
    ] = Visibility.VISIBLE,
    draw: DrawOption = Draw.RECORD,
    course_folder: CourseOption = None,
    key_file: KeyOption = None,
) -> None:
    """Write the autograder zip for Gradescope. It holds hidden tests and the key of their inputs."""
    course = open_course(course_folder)
    assignment = load_assignment(course, assignment_id)
    rules = Rules(None if rate_limit is None else _rate_limit(rate_limit), visibility, draw)
    number = write_autograder(course, assignment, out, open_key(course, key_file), rules)
    announce(course)
    print(f"{out}: {number} files, {out.stat().st_size / 1024:.0f} KiB; holds hidden tests, not for students")


def _rate_limit(text: str) -> RateLimit:
    submissions, _, hours = text.partition("/")
    try:
        limit = RateLimit(int(submissions), float(hours))
    except ValueError:
        limit = RateLimit(0, 0)
    if limit.submissions < 1 or not limit.hours > 0:
        raise AutograderError(f"--rate-limit {text}: expected submissions/hours, as in 5/24")
    return limit


def classroom(
    assignment_id: Annotated[str, typer.Argument(metavar="ID", help="Assignment, as `dlc list` names it.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write.")],
    force: Annotated[bool, typer.Option("--force", help="Throw away work in an earlier one.")] = False,
    give_away: Annotated[
        list[str] | None,
        typer.Option("--give-away", metavar="ID", help="Show its solutions before its due date."),
    ] = None,
    course_folder: CourseOption = None,
) -> None:
    """Write a template repository for GitHub Classroom: the release, and a workflow for its tests."""
    course = open_course(course_folder)
    assignment = load_assignment(course, assignment_id)
    write_classroom(course, assignment, out, force=force, give_away=tuple(give_away or ()))
    announce(course)
    print(f"{out}: a template repository of {assignment.title}; push it and name it in the Classroom")
