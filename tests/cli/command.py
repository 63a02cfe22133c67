"""`dlc` in this process, by its entry point: for tests that do not ask how an interpreter is started."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass

import pytest

from autograder.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def dlc(*words, folder) -> Done:
    """`dlc …` in a folder."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("COLUMNS", "120")
        patch.setattr(sys, "argv", ["dlc", *map(str, words)])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            main()
    return Done(end.value.code, out.getvalue(), err.getvalue())
