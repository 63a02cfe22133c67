"""Options that several commands share; nothing else reads the working directory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ..course import find_course, load_course, refuse_among, refuse_unknown, remember
from ..course.layout import COURSE_FILE
from ..errors import AutograderError
from ..grading import course_key, read_key
from ..intake import HandIn, find_hand_ins
from ..model import SCHEMA_VERSION, Course, Draw
from .terminal import tell

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="Folder of the course.", show_default="the one around here")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key-file", help="Secret of the hidden seeds.", show_default="the course's own"),
]
DrawOption = Annotated[
    Draw,
    typer.Option("--draw", help="Hidden inputs: those that count, or those seen before."),
]


def open_course(folder: Path | None) -> Course:
    """The course in `folder`, or the one around the working directory."""
    if folder and not (folder / COURSE_FILE).is_file():
        raise AutograderError(f"{folder}: holds no {COURSE_FILE}; name the folder of a course by --course")
    return load_course(folder) if folder else find_course(Path.cwd())


def announce(course: Course) -> None:
    """Say on stderr which course is used."""
    tell(f"course: {course.root}")


def open_class(
    folder: Path | None, submissions: Sequence[Path], assignment_id: str
) -> tuple[Course, list[HandIn]]:
    """The course, which no hand-in may have brought along, and the hand-ins.

    Raises SpecError where a course that nobody named may have come with the hand-ins.
    """
    course = open_course(folder)
    hand_ins = find_hand_ins(submissions, course.library, assignment_id)
    if folder is None:
        refuse_among(course, submissions, [path for hand_in in hand_ins for path in hand_in.paths])
        refuse_unknown(course, Path.cwd())
    return course, hand_ins


def open_key(course: Course, key_file: Path | None) -> bytes:
    """The key in a file that was named, or the course's own, which is made at first use.

    From then on the course counts as one that is used here.
    """
    key = read_key(key_file) if key_file else course_key(course)
    remember(course)
    return key


def document(**content: Any) -> dict[str, Any]:
    """A JSON document as every command prints it."""
    return {"schema_version": SCHEMA_VERSION, **content}
