"""The command `dlc`: the table of commands, and how faults are told."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from ..errors import AutograderError
from . import adopt, audit, author, doctor, export, grade

_INTERRUPTED = 130


def build_app() -> typer.Typer:
    """Every command of `dlc`, in the order in which an instructor meets them."""
    app = typer.Typer(
        name="dlc",
        help="Deep Learning Clinic: release assignments, grade hand-ins in isolation.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.command("list")(author.list_assignments)
    app.command("check")(author.check)
    app.command("audit")(audit.audit)
    app.command("release")(author.release)
    app.command("grade")(grade.grade)
    app.command("report")(grade.report)
    app.add_typer(export.app, name="export")
    app.add_typer(adopt.app, name="import")
    app.command("doctor")(doctor.doctor)
    return app


def main() -> None:
    """Entry point: 0 fine, 1 findings, 2 wrong use, 3 isolation unavailable, 130 interrupted."""
    # In this process our own kernels run in Triton's interpreter, which has to be said before its import.
    os.environ.setdefault("TRITON_INTERPRET", "1")
    # Submissions are graded in parallel: the thread pool of each grading process would fight the others'.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    try:
        code = build_app()(prog_name="dlc", standalone_mode=False)
    except AutograderError as error:
        print(f"dlc: {error}", file=sys.stderr)
        code = error.exit_code
    except TyperException as error:
        wrong_use: Any = error  # its base class hides what every one of them has
        wrong_use.show()
        code = wrong_use.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print("dlc: interrupted", file=sys.stderr)
        code = _INTERRUPTED
    sys.exit(code or 0)
