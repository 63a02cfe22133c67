from __future__ import annotations

import csv
import io
import subprocess
from dataclasses import replace

import pytest

from autograder.model import Diagnosis, Report, TaskScore
from autograder.report import to_json
from tests.interop.commands import Done, dlc
from tests.interop.tools import tool
from tests.interop.warm import NBGRADER, OTTER, Warm


def export(*words, folder) -> Done:
    """`dlc export …` in a folder."""
    return dlc(folder, "export", *words)


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


@pytest.fixture(scope="module")
def warm_nbgrader(nbgrader):
    """nbgrader's commands without its start."""
    with Warm(nbgrader, NBGRADER) as warm:
        yield warm


@pytest.fixture(scope="module")
def warm_otter(otter):
    """otter's commands without its start."""
    with Warm(otter, OTTER) as warm:
        yield warm


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
