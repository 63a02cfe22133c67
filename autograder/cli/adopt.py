"""The commands `dlc import`: notebooks written for other graders become courses here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..adopt.course import LIST, write_course
from ..adopt.draft import Draft
from ..adopt.nbgrader import read_nbgrader
from ..adopt.otter import read_otter

app = typer.Typer(help="Turn notebooks of other graders into a course here.", no_args_is_help=True)
_Notebook = Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="The instructor's version.")]
_Out = Annotated[Path, typer.Option("--out", "-o", help="New folder for the course.")]


@app.command("nbgrader")
def nbgrader(notebook: _Notebook, out: _Out) -> None:
    """Turn a source notebook of nbgrader into a course of one assignment."""
    _write(read_nbgrader(notebook), notebook, out)


@app.command("otter")
def otter(notebook: _Notebook, out: _Out) -> None:
    """Turn a master notebook of otter into a course of one assignment."""
    _write(read_otter(notebook), notebook, out)


def _write(draft: Draft, notebook: Path, out: Path) -> None:
    left = write_course(draft, notebook.stem, out)
    print(f"{out}: a course; next: dlc check --course {out}")
    if left:
        print(f"not carried over ({out / LIST}):")
        for line in left:
            print(f"  {line}")
