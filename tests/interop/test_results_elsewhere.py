"""Reports as PrairieLearn and Autolab read them."""

from __future__ import annotations

import json

import pytest

from autograder.model import TestResult, Verdict
from tests.interop.conftest import export, report

FAILED = TestResult(
    "t.py::test_grad[5x3]", "norm", "backward", Verdict.FAILED, "dx: relative error 0.5", "secret"
)
PASSED = TestResult("t.py::test_out[5x3]", "norm", "forward", Verdict.PASSED)


@pytest.fixture
def folder(graded):
    unread = report("bob", 0.0, status="unreadable", reason="holds no code")
    return graded(report("ada", 75.0, results=(FAILED, PASSED)), unread, report("cyd", None))


def test_prairielearn_gets_a_share_and_points_of_every_test(folder, tmp_path):
    done = export("prairielearn", folder, "-o", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    ada = json.loads((tmp_path / "out/ada.json").read_text())
    assert (ada["gradable"], ada["score"]) == (True, 0.75)
    assert all({"name", "points", "max_points"} <= test.keys() for test in ada["tests"])
    assert "1 of 2 tests passed" in ada["tests"][1]["output"]
    assert "Grad 5x3: wrong: dx: relative error 0.5" in ada["tests"][1]["output"]
    assert "secret" not in json.dumps(ada)


def test_what_has_no_score_uses_no_attempt_at_prairielearn(folder, tmp_path):
    export("prairielearn", folder, "-o", "out", folder=tmp_path)
    for student, says in (("bob", "holds no code"), ("cyd", "grading failed on our side")):
        found = json.loads((tmp_path / f"out/{student}.json").read_text())
        assert found["gradable"] is False
        assert says in found["format_errors"][0]


def test_autolab_reads_the_scores_from_the_last_line(folder, tmp_path):
    done = export("autolab", folder, "-o", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    *before, last = (tmp_path / "out/ada.txt").read_text().splitlines()
    assert json.loads(last) == {"scores": {"conv": 50.0, "norm": 25.0}}
    assert "  Grad 5x3: wrong: dx: relative error 0.5" in before
    assert "secret" not in "".join(before)
