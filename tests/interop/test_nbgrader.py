"""nbgrader's folders are read, its release shows nothing, and its gradebook takes our scores."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from autograder.release.audit import folder_leaks
from autograder.release.withheld import withheld_from
from autograder.spec import load_assignment, load_course
from tests.interop.commands import dlc, dlc_says
from tests.interop.hand_ins import answer
from tests.interop.tools import ROOT, run
from tests.tiny_course import DOUBLE, TOTAL, make_course

LATE = "id: h1\ndue: 2026-03-01T12:00:00+00:00\nlate_policy: {per_day: 0.1}"
RIGHT = {"double": DOUBLE, "total": TOTAL}
HALF = RIGHT | {"total": "def total(x):\n    raise NotImplementedError()"}
HOLD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path)
    spec = tmp_path / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text().replace("id: h1", LATE, 1))
    return tmp_path


@pytest.fixture(scope="module")
def released(tmp_path_factory, nbgrader):
    """A course of nbgrader with one hand-in, and our course beside it."""
    root = tmp_path_factory.mktemp("released")
    make_course(root)
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    run(nbgrader, root / "nb", "nbgrader", "generate_assignment", "h1")
    answer(root / "nb/release/h1/h1.ipynb", root / "nb/submitted/ann/h1/h1.ipynb", RIGHT | {"total": None})
    dlc_says(root, "grade", "h1", "nb/submitted", "-o", "graded")
    return root


def hand_in(course, folder, answers, stamp=None):
    if not (course / "nb").exists():
        dlc_says(course, "export", "nbgrader", "h1", "-o", "nb")
    answer(course / "nb/source/h1/h1.ipynb", folder / "h1.ipynb", answers)
    if stamp:
        (folder / "timestamp.txt").write_text(stamp)


def reports(course, folder):
    found = json.loads(dlc_says(course, "grade", "h1", folder, "-o", "graded", "--json"))["reports"]
    return {each["student"]: each["score"] for each in found}


def test_the_submitted_tree_is_a_class_with_lateness_from_its_time_stamps(course):
    tree = course / "submitted"
    hand_in(course, tree / "ann/h1", RIGHT, "2026-03-01 11:59:59.000000 UTC")
    hand_in(course, tree / "bo/h1", RIGHT, "2026-03-02 13:00:00.000000 UTC")
    hand_in(course, tree / "cy/h1", RIGHT, "yesterday, I think")
    hand_in(course, tree / "ann/h0", {"double": None, "total": None})
    assert reports(course, "submitted") == {"ann": 100, "bo": 80, "cy": 100}


def test_of_an_exchange_the_last_hand_in_of_a_student_counts(course):
    inbound = course / "inbound"
    first, last = "2026-02-01 10:00:00.000000 UTC", "2026-03-01 13:00:00.000000 UTC"
    hand_in(course, inbound / f"ann+h1+{last}+0a1b", RIGHT, last)
    hand_in(course, inbound / f"ann+h1+{first}+ffff", HALF, first)
    hand_in(course, inbound / f"bo+h1+{first}+1234", HALF)
    hand_in(course, inbound / f"bo+h0+{last}+1234", RIGHT, last)
    assert reports(course, "inbound") == {"ann": 90, "bo": 60}


def test_a_notebook_of_another_course_gets_no_points_and_a_reason(course):
    target = course / "submitted/ann/h1/h1.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "a = 1"}], "nbformat": 4}))
    found = json.loads(dlc_says(course, "grade", "h1", "submitted", "-o", "graded", "--json"))
    (report,) = found["reports"]
    assert (report["status"], report["score"]) == ("unreadable", 0)
    assert "defines none of the functions asked for" in report["reason"]


@pytest.mark.parametrize("assignment_id", ["h1", "a1_backprop", "a4_cnn"])
def test_what_students_get_after_generate_assignment_shows_nothing_withheld(
    assignment_id, released, tmp_path, nbgrader
):
    root, folder = (released, released / "nb") if assignment_id == "h1" else (ROOT, tmp_path / "nb")
    if assignment_id != "h1":
        dlc_says(ROOT, "export", "nbgrader", assignment_id, "-o", folder)
        run(nbgrader, folder, "nbgrader", "generate_assignment", assignment_id)
    course = load_course(root)
    assignment = load_assignment(course, assignment_id)
    withheld = withheld_from(course, assignment)
    assert folder_leaks(folder / "release" / assignment_id, course, assignment, withheld) == []


def test_the_source_notebook_itself_earns_full_marks(tmp_path):
    dlc_says(ROOT, "export", "nbgrader", "a4_cnn", "-o", tmp_path / "nb")
    source = tmp_path / "nb/source/a4_cnn/a4_cnn.ipynb"
    (report,) = json.loads(dlc_says(ROOT, "grade", "a4_cnn", source, "-o", tmp_path / "out", "--json"))[
        "reports"
    ]
    assert report["score"] == report["max_score"]


def test_scores_and_comments_reach_the_gradebook_where_formgrader_reads_them(released, tmp_path, nbgrader):
    book = tmp_path / "gradebook.db"
    shutil.copy(released / "nb/gradebook.db", book)
    says = dlc_says(
        released, "export", "nbgrader-gradebook", "graded", "-o", book, python=nbgrader / "python"
    )
    assert says == f"{book}: 1 students\n"
    script = (
        "import json\nfrom nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    (found,) = book.assignment_submissions('h1')\n"
        "    (notebook,) = found.notebooks\n"
        "    print(json.dumps([found.score, found.student.id, {g.name: g.score for g in notebook.grades},\n"
        "                      {c.name: c.comment for c in notebook.comments}]))\n"
    )
    score, student, grades, comments = json.loads(run(nbgrader, tmp_path, "python", "-c", script))
    assert (score, student, grades) == (60, "ann", {"test-double": 60, "test-total": 0})
    assert comments["double"] == "3 of 3 hidden tests passed"
    assert "total is not done yet" in comments["total"]


def refused(released, book, python):
    before = book.read_bytes() if book.exists() else None
    done = dlc(released, "export", "nbgrader-gradebook", "graded", "-o", book, python=python)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert (book.read_bytes() if book.exists() else None) == before
    return done.stderr


def test_a_gradebook_that_another_process_writes_is_left_alone(released, tmp_path, nbgrader):
    book = tmp_path / "gradebook.db"
    shutil.copy(released / "nb/gradebook.db", book)
    command = [sys.executable, "-c", HOLD, str(book)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        says = refused(released, book, nbgrader / "python")
        other.stdin.close()
    assert says == (
        f"dlc: {book}: another process is writing to it; close nbgrader or formgrader and try again\n"
    )


def test_what_is_no_gradebook_of_this_assignment_is_left_alone(released, tmp_path, nbgrader):
    book = tmp_path / "gradebook.db"
    assert "no such file" in refused(released, book, nbgrader / "python")
    book.write_text("grades: many")
    assert "is no gradebook of nbgrader" in refused(released, book, nbgrader / "python")
    book.unlink()
    run(nbgrader, tmp_path, "nbgrader", "db", "assignment", "add", "h1")
    assert "nbgrader generate_assignment h1" in refused(released, book, nbgrader / "python")


def test_without_nbgrader_the_extra_is_named(released, tmp_path):
    done = dlc(released, "export", "nbgrader-gradebook", "graded", "-o", tmp_path / "gradebook.db")
    assert done.returncode == 2
    assert "pip install deep-learning-clinic[nbgrader]" in done.stderr


def test_an_export_is_renewed_in_place(course):
    dlc_says(course, "export", "nbgrader", "h1", "-o", "nb")
    (course / "nb/source/h1/stale.txt").write_text("of an earlier export")
    (course / "nb/source/h2").mkdir()
    dlc_says(course, "export", "nbgrader", "h1", "-o", "nb")
    assert sorted(path.name for path in (course / "nb/source").iterdir()) == ["h1", "h2"]
    assert not (course / "nb/source/h1/stale.txt").exists()
