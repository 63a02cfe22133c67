"""nbgrader's folders are read, and its release shows nothing."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from autograder.course import load_assignment, load_course
from autograder.release.audit import folder_leaks
from autograder.release.withheld import withheld_from
from tests.interop.commands import dlc_says
from tests.interop.hand_ins import answer
from tests.interop.tools import ROOT
from tests.tiny_course import DOUBLE, TOTAL, make_course

LATE = "id: h1\ndue: 2026-03-01T12:00:00+00:00\nlate_policy: {per_day: 0.1}"
OURS = ("a1_backprop", "a4_cnn")
EARLY = ("--give-away", "a1_backprop")  # whatever the date
RIGHT = {"double": DOUBLE, "total": TOTAL}
HALF = RIGHT | {"total": "def total(x):\n    raise NotImplementedError()"}


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path)
    spec = tmp_path / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text().replace("id: h1", LATE, 1))
    return tmp_path


@pytest.fixture(scope="module")
def released(tmp_path_factory, warm_nbgrader):
    """A course of nbgrader, and our course around it."""
    root = tmp_path_factory.mktemp("released")
    make_course(root)
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    warm_nbgrader.run(root / "nb", "nbgrader", "generate_assignment", "h1")
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


def leaks(root, folder, assignment_id):
    """What of an assignment students shall not see, and find in a folder."""
    course = load_course(root)
    assignment = load_assignment(course, assignment_id)
    return folder_leaks(folder, course, assignment, withheld_from(course, assignment))


def test_what_students_get_after_generate_assignment_shows_nothing_withheld(released):
    assert leaks(released, released / "nb/release/h1", "h1") == []


@pytest.mark.soak("assignments", "autograder/export", "autograder/release", "dlc_lib")
def test_nothing_withheld_is_shown_of_this_projects_own_assignments(
    released, tmp_path, warm_nbgrader, rounds, seed
):
    for each in random.Random(seed).sample(OURS, len(rounds(1, len(OURS)))):
        folder = tmp_path / each
        dlc_says(ROOT, "export", "nbgrader", each, "-o", folder, *EARLY)
        shutil.copy(released / "nb/gradebook.db", folder)  # making one costs more than writing into it
        warm_nbgrader.run(folder, "nbgrader", "generate_assignment", each)
        assert leaks(ROOT, folder / "release" / each, each) == []


def test_the_source_notebook_itself_earns_full_marks(tmp_path):
    dlc_says(ROOT, "export", "nbgrader", "a4_cnn", "-o", tmp_path / "nb", *EARLY)
    source = tmp_path / "nb/source/a4_cnn/a4_cnn.ipynb"
    (report,) = json.loads(dlc_says(ROOT, "grade", "a4_cnn", source, "-o", tmp_path / "out", "--json"))[
        "reports"
    ]
    assert report["score"] == report["max_score"]


def test_an_export_is_renewed_in_place(course):
    dlc_says(course, "export", "nbgrader", "h1", "-o", "nb")
    (course / "nb/source/h1/stale.txt").write_text("of an earlier export")
    (course / "nb/source/h2").mkdir()
    dlc_says(course, "export", "nbgrader", "h1", "-o", "nb")
    assert sorted(path.name for path in (course / "nb/source").iterdir()) == ["h1", "h2"]
    assert not (course / "nb/source/h1/stale.txt").exists()
