"""Exports for nbgrader and otter refuse what a release refuses: nothing reaches a student another way."""

from __future__ import annotations

import random

import pytest

from autograder.course import load_assignment, load_course
from autograder.release.audit import folder_leaks
from autograder.release.withheld import withheld_from
from tests.interop.conftest import export
from tests.interop.tools import ROOT
from tests.tiny_course import make_course

H0 = """
id: h0
title: Doubling
due: 2999-12-01T12:00:00+00:00
tasks:
  - {id: double, points: 100, source: ["tinylib.scaling:double_forward", "tinylib.scaling:double_backward"]}
"""
H1 = """
id: h1
title: Summing
provided: [{module: scaling, after: h0}]
tasks:
  - {id: total, points: 40, source: ["tinylib.summing:total"]}
"""
OURS = ("a4_cnn", "a1_backprop")
FORMATS = pytest.mark.parametrize("form", ["nbgrader", "otter"])


@pytest.fixture
def course(tmp_path):
    """A course whose h1 hands out what h0, which is open, withholds."""
    root = tmp_path / "course"
    make_course(root)
    (root / "assignments/h0").mkdir()
    (root / "assignments/h0/assignment.yaml").write_text(H0)
    (root / "assignments/h0/handout.md").write_text("# Doubling\n")
    (root / "assignments/h0/test_public.py").write_text("")
    (root / "assignments/h1/assignment.yaml").write_text(H1)
    (root / "assignments/h1/test_public.py").write_text("")
    (root / "graders/h1/test_double.py").unlink()
    return root


@FORMATS
def test_an_export_waits_for_the_assignment_whose_solutions_it_shows(course, form):
    done = export(form, "h1", "-o", "out", folder=course)
    assert done.returncode == 2
    assert "gives away double of h0, open until 2999-12-01 12:00 UTC" in done.stderr
    assert not (course / "out").exists()


@FORMATS
def test_an_assignment_named_is_given_away_early(course, form):
    done = export(form, "h1", "-o", "out", "--give-away", "h0", folder=course)
    assert done.returncode == 0, done.stderr
    assert list((course / "out").rglob("tinylib/scaling.py"))


@FORMATS
def test_an_export_that_would_leak_is_refused(course, form):
    with (course / "assignments/h1/handout.md").open("a") as handout:
        handout.write("entries = x.ravel()\nreturn float(entries.sum())\n")
    done = export(form, "h1", "-o", "out", "--give-away", "h0", folder=course)
    assert done.returncode == 1
    assert "h1.ipynb, cell 1: shows the solution of total" in done.stderr
    assert not (course / "out").exists()


def leaks(root, out, assignment_id, otter):
    """What of an assignment students shall not see, and get of `otter assign`."""
    early = ("--give-away", "h0", "--give-away", "a1_backprop")
    done = export("otter", assignment_id, "-o", out, *early, folder=root)
    assert done.returncode == 0, done.stderr
    otter.run(out, "otter", "assign", f"{assignment_id}.ipynb", "dist", "--no-pdfs")
    found = load_course(root)
    assignment = load_assignment(found, assignment_id)
    return folder_leaks(out / "dist/student", found, assignment, withheld_from(found, assignment))


def test_what_students_get_of_otter_assign_shows_nothing_withheld(course, tmp_path, warm_otter):
    assert leaks(course, tmp_path / "master", "h1", warm_otter) == []


@pytest.mark.soak("assignments", "autograder/export", "autograder/release", "dlc_lib")
def test_nothing_withheld_is_shown_of_this_projects_own_assignments(tmp_path, warm_otter, rounds, seed):
    for each in random.Random(seed).sample(OURS, len(rounds(1, len(OURS)))):
        assert leaks(ROOT, tmp_path / each, each, warm_otter) == []
