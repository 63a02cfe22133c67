"""Scores of `dlc grade` in nbgrader's gradebook, where formgrader shows them, or nothing at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from autograder.model import Diagnosis
from autograder.report import from_json, to_json
from tests.interop.books import scores_in
from tests.interop.commands import dlc, dlc_says
from tests.interop.formgrader import formgrader
from tests.interop.hand_ins import answer
from tests.interop.warm import NBGRADER, Warm
from tests.tiny_course import DOUBLE, TOTAL, make_course

STAMP = "2026-03-02 13:00:00.000000 UTC"
LATE = "id: h1\ndue: 2026-03-01T12:00:00+00:00\nlate_policy: {per_day: 0.1}"
WRITTEN = "tasks:\n  - {id: why, title: Why, points: 5, kind: written, prompt: 'Why is it so?'}"
BUSY = "another process is using it; close nbgrader or formgrader and try again"
HELD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute(sys.argv[2])
print(book.execute("SELECT count(*) FROM grade").fetchone(), flush=True)
sys.stdin.read()
"""
# Somebody grades by hand, again and again, at the first moment at which the gradebook is free.
GRADING_BY_HAND = """
import select, sqlite3, sys, time
book = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
print("started", flush=True)
kept = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        book.execute("UPDATE grade SET extra_credit = coalesce(extra_credit, 0) + 1")
        kept += 1
        time.sleep(0.02)
    except sqlite3.OperationalError:
        pass
print(kept)
"""
WRITING_BACK = """
import sys
from pathlib import Path
from autograder.export.gradebook import write_gradebook
from autograder.store import read_graded
reports = read_graded(Path("graded"))
for _ in range(12):
    write_gradebook(reports, Path(sys.argv[1]))
"""
SHOWN = """
import json, sys
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
api = NbGraderAPI(CourseDirectory(root=sys.argv[1]))
(submission,) = api.get_submissions("h1")
notebooks = api.get_notebook_submissions("h1", "h1")
with api.gradebook as book:
    (submitted,) = book.assignment_submissions("h1")
    (notebook,) = submitted.notebooks
    penalty = submitted.late_submission_penalty
    comments = {each.name: each.comment for each in notebook.comments}
found = {"submission": submission, "notebooks": notebooks, "penalty": penalty, "comments": comments}
print(json.dumps(found))
"""


WRITE_BACK = ("export", "nbgrader-gradebook", "graded", "-o", "nb/gradebook.db")


@pytest.fixture(scope="module")
def warm(nbgrader):
    """Commands of nbgrader's environment without their start."""
    with Warm(nbgrader, NBGRADER + "import autograder.cli, autograder.export.gradebook") as found:
        yield found


@pytest.fixture(scope="module")
def released(tmp_path_factory, warm):
    """Our course, in it one of nbgrader with a hand-in a day late, and its grades.

    Beside them a gradebook that knows the name of h1 alone: making one costs more than writing into it.
    """
    root = tmp_path_factory.mktemp("released")
    make_course(root)
    spec = root / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text().replace("id: h1", LATE, 1))
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    warm.run(root / "nb", "nbgrader", "db", "assignment", "add", "h1")
    shutil.copy(root / "nb/gradebook.db", root / "empty.db")
    warm.run(root / "nb", "nbgrader", "generate_assignment", "h1")
    ann = root / "nb/submitted/ann/h1"
    answer(root / "nb/release/h1/h1.ipynb", ann / "h1.ipynb", {"double": DOUBLE, "total": None})
    (ann / "timestamp.txt").write_text(STAMP)
    dlc_says(root, "grade", "h1", "nb/submitted", "-o", "graded")
    return root


@pytest.fixture
def course(released, tmp_path):
    """The course of nbgrader and the graded folder, to change."""
    shutil.copytree(released, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture(scope="module")
def written(released, tmp_path_factory, nbgrader):
    """The course after a fresh process has written the scores back, to read; and what that printed."""
    folder = tmp_path_factory.mktemp("written") / "course"
    shutil.copytree(released, folder)
    command = [str(nbgrader / "python"), "-m", "autograder", *WRITE_BACK]
    return folder, subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def shown(written, warm):
    """What formgrader shows of it."""
    return shown_in(written[0], warm)


def write_back(course, warm):
    return warm.dlc(course, *WRITE_BACK)


def refused(course, warm):
    """The sentence; nothing changed."""
    book, before = course / "nb/gradebook.db", (course / "nb/gradebook.db").read_bytes()
    done = write_back(course, warm)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert book.read_bytes() == before
    assert not list((course / "nb").glob("autograded/*"))
    return done.stderr


@contextmanager
def held(book, begin):
    """Another process has the gradebook open."""
    command = [sys.executable, "-c", HELD, str(book), begin]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline()
        yield
        other.stdin.close()


def shown_in(course, warm):
    return json.loads(warm.run(course, "python", "-c", SHOWN, course / "nb"))


def test_formgrader_counts_a_student_as_autograded_with_our_scores_and_comments(written, shown):
    _, done = written
    assert (done.stdout, done.stderr) == ("nb/gradebook.db: 1 students\n", "")
    submission = shown["submission"]
    assert (submission["student"], submission["autograded"]) == ("ann", True)
    assert (submission["score"], submission["max_score"]) == (60, 100)
    assert submission["timestamp"] == "2026-03-02T13:00:00"
    assert [each["index"] for each in shown["notebooks"]] == [0]
    assert shown["comments"]["double"] == "3 of 3 hidden tests passed"
    assert "total is not done yet" in shown["comments"]["total"]


def test_a_formgrader_that_is_open_shows_the_notebook_with_its_points(course, nbgrader, warm, tmp_path):
    with formgrader(course / "nb", nbgrader, tmp_path) as page:
        assert json.loads(page("/api/submissions/h1"))[0]["autograded"] is False
        assert write_back(course, warm).returncode == 0
        (submission,) = json.loads(page("/api/submissions/h1"))
        assert (submission["autograded"], submission["score"]) == (True, 60)
        (notebook,) = json.loads(page("/api/submitted_notebooks/h1/h1"))
        html = page(f"/submissions/{notebook['id']}/")
    assert "3 of 3 hidden tests passed" in html


def test_points_lost_for_lateness_are_nbgraders_penalty(written, shown):
    (result,) = (written[0] / "graded/results").glob("*.json")
    assert shown["penalty"] == from_json(result.read_text()).penalty == 12


def test_a_likely_mistake_that_the_student_may_see_stands_in_the_comment(course, warm):
    (result,) = (course / "graded/results").glob("*.json")
    report = from_json(result.read_text())
    likely = Diagnosis("negated", "You return the sum with its sign changed.", "", 0.9)
    tasks = (report.tasks[0], replace(report.tasks[1], diagnosis=likely))
    result.write_text(to_json(replace(report, tasks=tasks)))
    write_back(course, warm)
    assert "likely mistake: You return the sum with its" in shown_in(course, warm)["comments"]["total"]


def test_feedback_can_be_generated_from_what_was_written_back(written, warm):
    course, _ = written
    warm.run(course / "nb", "nbgrader", "generate_feedback", "h1")
    page = (course / "nb/feedback/ann/h1/h1.html").read_text(encoding="utf-8")
    assert "3 of 3 hidden tests passed" in page
    assert "(Score: 48.0 / 100.0)" in page


def test_students_of_whom_nothing_was_handed_in_there_are_named(course, warm):
    shutil.rmtree(course / "nb/submitted")
    done = write_back(course, warm)
    assert "since nothing lies in submitted/, of: ann\n" in done.stdout
    assert scores_in(course / "nb", "h1", warm) == {"ann": {"test-double": 60, "test-total": 0}}


def test_written_tasks_and_hand_ins_that_cannot_be_read_do_not_stop_the_class(tmp_path, released, warm):
    make_course(tmp_path)
    spec = tmp_path / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text().replace("tasks:", WRITTEN, 1))
    dlc_says(tmp_path, "export", "nbgrader", "h1", "-o", "nb")
    shutil.copy(released / "empty.db", tmp_path / "nb/gradebook.db")
    warm.run(tmp_path / "nb", "nbgrader", "generate_assignment", "h1")
    release = tmp_path / "nb/release/h1/h1.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(release.read_text())["cells"]]
    at = cells.index("**Why.** Why is it so?\n\nWrite your answer into the cell below.")
    assert cells[at + 1] == "YOUR ANSWER HERE"
    submitted = tmp_path / "nb/submitted"
    answer(release, submitted / "ann/h1/h1.ipynb", {"double": DOUBLE, "total": TOTAL})
    (submitted / "bo/h1").mkdir(parents=True)
    (submitted / "bo/h1/h1.ipynb").write_text("{")
    dlc_says(tmp_path, "grade", "h1", "nb/submitted", "-o", "graded")
    done = write_back(tmp_path, warm)
    assert done.returncode == 0, done.stderr
    assert scores_in(tmp_path / "nb", "h1", warm) == {
        "ann": {"why": None, "test-double": 60, "test-total": 40},
        "bo": {"why": None, "test-double": 0, "test-total": 0},
    }
    assert (tmp_path / "nb/autograded/bo/h1/h1.ipynb").read_text() == "{"


def test_a_gradebook_that_another_process_writes_is_left_alone(course, warm):
    with held(course / "nb/gradebook.db", "BEGIN IMMEDIATE"):
        assert BUSY in refused(course, warm)


def test_a_gradebook_that_another_process_goes_on_reading_is_left_alone(course, warm):
    with held(course / "nb/gradebook.db", "BEGIN"):
        assert BUSY in refused(course, warm)


def test_grades_that_somebody_gives_meanwhile_are_kept(course, warm):
    book = course / "nb/gradebook.db"
    assert write_back(course, warm).returncode == 0
    command = [sys.executable, "-c", GRADING_BY_HAND, str(book)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "started\n"
        warm.run(course, "python", "-c", WRITING_BACK, book)
        kept = int(other.communicate("stop")[0])
    with closing(sqlite3.connect(book)) as there:
        (counted,) = there.execute("SELECT max(extra_credit) FROM grade").fetchone()
    assert kept > 3
    assert counted == kept


def test_what_is_no_gradebook_of_this_assignment_is_left_alone(course, warm):
    book = course / "nb/gradebook.db"
    book.write_text("grades: many")
    assert "is no gradebook of this nbgrader" in refused(course, warm)
    shutil.copy(course / "empty.db", book)
    assert "`nbgrader generate_assignment` first" in refused(course, warm)
    book.unlink()
    done = write_back(course, warm)
    assert (done.returncode, "no such file" in done.stderr) == (2, True)
    assert not book.exists()


def test_points_that_changed_since_the_export_are_not_written(course, warm):
    (result,) = (course / "graded/results").glob("*.json")
    report = from_json(result.read_text())
    result.write_text(to_json(replace(report, tasks=(replace(report.tasks[0], max_score=50.0),))))
    assert "has no test cell of double for 50 points" in refused(course, warm)


def test_without_nbgrader_the_extra_is_named(course):
    done = dlc(course, "export", "nbgrader-gradebook", "graded", "-o", "nb/gradebook.db")
    assert done.returncode == 2
    assert "pip install deep-learning-clinic[nbgrader]" in done.stderr
