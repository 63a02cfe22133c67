"""Every hand-in has the same points, task by task, from us, from nbgrader and from otter."""

from __future__ import annotations

import json
import random
import re
from functools import cache

import pytest

from tests.interop.books import scores_in
from tests.interop.commands import dlc_says
from tests.interop.hand_ins import CLASS, FILES, POINTS, hand_in
from tests.interop.tools import ROOT
from tests.tiny_course import make_course

TASKS = ("double", "total")
NOTEBOOKS = {student: points for student, points in POINTS.items() if student not in FILES}  # all otter reads


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return root


@pytest.fixture(scope="module")
def printed():
    """What nbgrader and otter say."""
    return []


@pytest.fixture(scope="module")
def nbgrader_course(course, warm_nbgrader, printed):
    folder = course / "for-nbgrader"
    dlc_says(course, "export", "nbgrader", "h1", "-o", folder)
    printed.append(warm_nbgrader.said(folder, "nbgrader", "generate_assignment", "h1"))
    for student in CLASS:
        hand_in(student, folder / "release/h1/h1.ipynb", folder / "submitted" / student / "h1/h1.ipynb")
    return folder


@pytest.fixture(scope="module")
def otter_course(course, warm_otter, printed):
    folder = course / "for-otter"
    dlc_says(course, "export", "otter", "h1", "-o", folder)
    printed.append(warm_otter.said(folder, "otter", "assign", "h1.ipynb", "dist", "--no-pdfs"))
    for student in NOTEBOOKS:
        hand_in(student, folder / "dist/student/h1.ipynb", folder / "submitted" / student / "h1.ipynb")
    return folder


def ours(course, folder, *more):
    out = folder.parent / f"graded-{folder.name}"
    found = json.loads(dlc_says(course, "grade", "h1", folder, "-o", out, "--json", *more))
    return {each["student"]: tuple(task["score"] for task in each["tasks"]) for each in found["reports"]}


@pytest.fixture(scope="module")
def nbgrader_scores(nbgrader_course, warm_nbgrader, printed):
    printed.append(warm_nbgrader.said(nbgrader_course, "nbgrader", "autograde", "h1"))
    found = scores_in(nbgrader_course, "h1", warm_nbgrader)
    return {student: tuple(scores[f"test-{task}"] for task in TASKS) for student, scores in found.items()}


def test_ours_are_the_points_that_were_earned(course, nbgrader_course):
    assert ours(course, nbgrader_course / "submitted") == POINTS


def test_nbgrader_gives_the_same_points_task_by_task(nbgrader_scores):
    assert nbgrader_scores == POINTS


def test_nbgraders_feedback_says_how_many_hidden_tests_passed(
    nbgrader_scores, nbgrader_course, warm_nbgrader
):
    words = ("generate_feedback", "h1", "--student", "wrong-in-one")
    warm_nbgrader.run(nbgrader_course, "nbgrader", *words)
    page = (nbgrader_course / "feedback/wrong-in-one/h1/h1.html").read_text(encoding="utf-8")
    assert "2 of 3 hidden tests passed" in page
    assert "test_backward: failed" in page


def test_students_notebooks_of_otter_are_graded_by_us(course, otter_course):
    assert ours(course, otter_course / "submitted") == NOTEBOOKS


@pytest.fixture(scope="module")
def otter_scores(otter_course, warm_otter, printed):
    """Points of a student from otter."""
    (archive,) = (otter_course / "dist/autograder").glob("*.zip")

    @cache
    def graded(student):
        out, notebook = otter_course / "results" / student, otter_course / "submitted" / student / "h1.ipynb"
        out.mkdir(parents=True)
        words = ("run", "-a", archive, "-o", out, "--no-logo", notebook)
        printed.append(warm_otter.said(otter_course, "otter", *words))
        tests = json.loads((out / "results.json").read_text(encoding="utf-8"))["tests"]
        found = {each["name"]: each["score"] for each in tests if "score" in each}
        return tuple(found[task] for task in TASKS)

    return graded


@pytest.mark.soak("autograder/export", "tests/interop/hand_ins.py")
def test_otter_gives_the_same_points_task_by_task(otter_scores, rounds, seed):
    others = sorted(NOTEBOOKS.keys() - {"cheating"})
    students = ["cheating", *random.Random(seed).sample(others, len(rounds(2, len(others))))]
    found = {student: otter_scores(student) for student in students}
    assert found == {student: pytest.approx(NOTEBOOKS[student]) for student in students}


def test_neither_tool_prints_a_warning_of_ours(nbgrader_scores, otter_scores, printed):
    otter_scores("cheating")
    ours = rf"{re.escape(str(ROOT / 'autograder'))}|\bautograder\.|Judge|deep.learning.clinic"
    lines = [line for line in "".join(printed).splitlines() if re.search(ours, line)]
    assert [line for line in lines if re.search("warn|error", line, re.IGNORECASE)] == []
    assert len(printed) >= 4
