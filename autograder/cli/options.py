"""Options that several commands share, and the only look at the working directory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..model import SCHEMA_VERSION, Course
from ..spec import find_course

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="Folder of the course.", show_default="the one around here")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key-file", help="Secret of the hidden seeds; made at first use.")
]


def open_course(folder: Path | None) -> Course:
    """The course at `folder`, or the one around the working directory."""
    return find_course(folder.resolve() if folder else Path.cwd())


def document(**content: Any) -> dict[str, Any]:
    """A JSON document as every command prints it."""
    return {"schema_version": SCHEMA_VERSION, **content}
