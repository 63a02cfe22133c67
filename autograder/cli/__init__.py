"""The command `dlc`: the table of commands, and how faults are told."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from ..errors import AutograderError
from ..frameworks import INTERPRETED
from ..text import plain
from . import adopt, audit, author, doctor, export, grade
from .faults import INTERRUPTED, told

_CHARS = 100_000  # of what is told: a course may have many faults


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
    # In this process our own kernels are interpreted, which has to be said before a framework is loaded.
    for name, value in INTERPRETED.items():
        os.environ.setdefault(name, value)
    # Submissions are graded in parallel: the thread pool of each grading process would fight the others'.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for names that its encoding cannot hold
    try:
        code = _run()
        print(end="", flush=True)  # a full disk or a closed pipe is told here, and not by Python at its end
    except typer.Abort:
        code = told(KeyboardInterrupt())
    except (Exception, KeyboardInterrupt) as error:
        code = told(error)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # there is nothing left to interrupt
    if code == INTERRUPTED:
        os._exit(code)  # where Ctrl-C cut off text that was executed, sys.exit() would end by the signal
    sys.exit(code)


def _run() -> int:
    try:
        code: int = build_app()(prog_name="dlc", standalone_mode=False) or 0
    except SystemExit:  # so the library ends where nobody reads what is printed, and in no other case
        raise BrokenPipeError from None
    except AutograderError as error:
        print(f"dlc: {plain(str(error), _CHARS)}", file=sys.stderr)
        return error.exit_code
    except TyperException as error:
        wrong_use: Any = error  # its base class hides what every one of them has
        wrong_use.show()
        return int(wrong_use.exit_code)
    if code == INTERRUPTED:  # so the library answers Ctrl-C, without a word; our own commands never return it
        raise KeyboardInterrupt
    return code
