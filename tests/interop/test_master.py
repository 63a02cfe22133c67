"""The solution in a notebook for other graders is as good as the one it was made of."""

from __future__ import annotations

import random

import pytest

from autograder.course import assignment_ids, find_course, load_assignment
from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.export.otter import export_otter
from autograder.intake import find_hand_ins, read_submission
from tests.interop.tools import ROOT

COURSE = find_course(ROOT)
ALL = assignment_ids(COURSE)


@pytest.mark.soak("assignments", "autograder/export", "dlc_lib")
def test_the_solution_in_a_master_notebook_keeps_its_points(tmp_path, rounds, seed):
    for name in random.Random(seed).sample(ALL, len(rounds(1, len(ALL)))):
        assignment = load_assignment(COURSE, name)
        early = tuple(each.after for each in assignment.provided if each.after)
        export_otter(COURSE, assignment, b"k" * 32, tmp_path / name, early)
        (hand_in,) = find_hand_ins([tmp_path / f"{name}/{name}.ipynb"], COURSE.library)
        with open_grader(Setup(COURSE, assignment, 1, b"k" * 32, timed=False)) as grader:
            report = grader.grade(read_submission(COURSE, assignment, hand_in))
        wrong = [each.id for each in report.results if each.verdict not in ("passed", "open")]
        assert wrong == [], name
        assert report.score + report.open_points == report.max_score, name
