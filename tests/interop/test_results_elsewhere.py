"""Reports as PrairieLearn and Autolab read them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder.model import TaskScore, TestResult, Verdict
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
    export("autolab", folder, "-o", "out", folder=tmp_path)
    *before, last = (tmp_path / "out/ada.txt").read_text().splitlines()
    assert json.loads(last) == {"scores": {"conv": 50.0, "norm": 25.0}}
    assert "  Grad 5x3: wrong: dx: relative error 0.5" in before
    assert "secret" not in "".join(before)


def test_autolab_gets_no_zero_for_what_failed_on_our_side(folder, tmp_path):
    done = export("autolab", folder, "-o", "out", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "left out, since grading failed; grade them again: cyd\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["ada.txt", "bob.txt"]


def test_autolab_leaves_a_task_that_people_grade_to_them(graded, tmp_path):
    tasks = (TaskScore("conv", "Convolution", 50.0, 50.0, {}), TaskScore("essay", "Essay", None, 50.0, {}))
    folder = graded(report("ada", 50.0, tasks=tasks))
    assert export("autolab", folder, "-o", "out", folder=tmp_path).returncode == 0
    assert (tmp_path / "out/ada.txt").read_text().endswith('{"scores": {"conv": 50.0}}\n')


@pytest.mark.parametrize("form", ["prairielearn", "autolab"])
def test_a_disk_that_is_full_leaves_nothing_behind(graded, tmp_path, form):
    graded(report("ada"), report("bob", 0.0, status="unreadable", reason="no code " * 500))
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "-B", "-m", "autograder", "export", form, "graded", "-o", "out/here"]
    full = ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash"]  # no file beyond one kilobyte
    done = subprocess.run([*full, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"dlc: {tmp_path}/out/here: cannot write there (File too large); name another folder\n"
    )
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "out"]


@pytest.mark.parametrize("form", ["prairielearn", "autolab"])
def test_files_of_others_are_not_written_over(folder, tmp_path, form):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/notes").write_text("mine")
    done = export(form, folder, "-o", "out", folder=tmp_path)
    assert done.returncode == 2
    assert "out: is not empty; name a new or empty folder with -o" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes"]
