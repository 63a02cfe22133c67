from __future__ import annotations

import contextlib
import csv
import io
import subprocess
import sys
from dataclasses import dataclass, replace

import pytest

from autograder.cli import main
from autograder.model import Diagnosis, Report, TaskScore
from autograder.report import to_json
from tests.interop.tools import tool


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def export(*words, folder) -> Done:
    """`dlc export …` in a folder, through the command's entry point."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["dlc", "export", *map(str, words)]
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        return Done(end.code, out.getvalue(), err.getvalue())
    finally:
        sys.argv = before
    raise AssertionError("a command always exits")


def report(student: str, score: float | None = 87.456, **fields) -> Report:
    says = "You normalise with the batch's own mean at test time; use the running one."
    tasks = (
        TaskScore("conv", "Convolution", None if score is None else 50.0, 50.0, {}),
        TaskScore(
            "norm",
            "Batch norm",
            None if score is None else score - 50.0,
            50.0,
            {},
            diagnosis=Diagnosis("batch_mean", says, "", 0.9),
        ),
    )
    known = {
        "assignment": "a4_cnn",
        "title": "Convolutional networks",
        "max_score": 100.0,
        "open_points": 0.0,
        "tier": 1,
        "tasks": tasks,
        "results": (),
        "status": "graded" if score is not None else "internal",
        "reason": None if score is not None else "a grader failed",
    }
    return replace(Report(student=student, score=score, **known), **fields)


@pytest.fixture
def graded(tmp_path):
    """A folder as `dlc grade -o` writes it, for students and scores."""

    def write(*reports: Report, name: str = "graded"):
        folder = tmp_path / name / "results"
        folder.mkdir(parents=True)
        for at, each in enumerate(reports):
            (folder / f"{at}.json").write_text(to_json(each), encoding="utf-8")
        return tmp_path / name

    return write


def _tool_or_skip(name):
    try:
        return tool(name)
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"{name} cannot be installed here: {error}")


@pytest.fixture(scope="session")
def nbgrader():
    return _tool_or_skip("nbgrader")


@pytest.fixture(scope="session")
def otter():
    return _tool_or_skip("otter")


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
