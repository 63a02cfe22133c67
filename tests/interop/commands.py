"""Runs `dlc` through its entry point, in this process: a start of Python costs more than most commands."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def dlc(folder: Path | None, *words: object) -> Done:
    """`dlc …` in a folder, or where this process is."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["dlc", *map(str, words)]
    try:
        with (
            contextlib.chdir(folder or "."),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as end:
        return Done(end.code, out.getvalue(), err.getvalue())
    finally:
        sys.argv = before
    raise AssertionError("a command always exits")


def dlc_says(folder: Path | None, *words: object) -> str:
    """What it printed; fails the test where it did not succeed."""
    done = dlc(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout
