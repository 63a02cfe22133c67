"""The sample class, graded in the real sandbox, gets what each hand-in deserves and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import find_course, load_assignment
from autograder.engine import Setup, grade_class
from autograder.intake import find_hand_ins, read_submission
from tests.corpus.make_class import expected, make_class

EXPECTED = expected()


@pytest.fixture(scope="module")
def reports(tmp_path_factory, pytestconfig):
    course = find_course(pytestconfig.rootpath)
    setup = Setup(course, load_assignment(course, "a4_cnn"), 1, b"a key of the tests' own")
    folder = tmp_path_factory.mktemp("class")
    names = {student: name for name, student in make_class(folder).items()}
    hand_ins = find_hand_ins([folder], course.library)
    submissions = [read_submission(course, setup.assignment, hand_in) for hand_in in hand_ins]
    return {
        names.get(report.student, report.student): report for report in grade_class(submissions, setup, 2)
    }


def test_every_hand_in_is_found_under_its_student_and_graded(reports):
    assert sorted(reports) == sorted(EXPECTED)
    assert not [name for name, report in reports.items() if report.status == "internal"]


@pytest.mark.parametrize("name", EXPECTED)
def test_hand_in_is_judged_as_it_deserves(reports, name):
    entry, report = EXPECTED[name], reports[name]
    assert report.late_days == entry.get("late", 0)
    if "reason" in entry:
        assert report.status == "unreadable"
        assert report.score == 0
        assert entry["reason"] in report.reason
        return
    loses = {
        task.task: "zero" if not task.score else "part"
        for task in report.tasks
        if task.score != task.max_score
    }
    assert loses == entry.get("loses", {})
    for task, wanted in entry.get("verdicts", {}).items():
        (found,) = [set(map(str, each.verdicts.values())) for each in report.tasks if each.task == task]
        assert set(wanted) <= found


def test_nothing_was_written_outside_the_class():
    assert not Path("/tmp/escaped.py").exists()
    assert not Path("/etc/cron.d/escaped").exists()
