"""A class graded by several processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.engine import Setup, grade_class, process
from tests.engine.conftest import KEY, read_folder
from tests.tiny_course import DOUBLE, hand_in, make_assignment, make_course

# A grader whose own process dies, or stops for ever, where a hand-in returns 666 or 777: no student can do
# that, a bug of ours or somebody with rights on the machine could.
FATAL = """
import os
import signal

from autograder.studentkit import task


@task("total")
def test_fatal(student, rng):
    total = float(student.summing.total(rng.standard_normal(2)))
    sent = {666: signal.SIGKILL, 777: signal.SIGSTOP}.get(total)
    if sent:
        os.kill(os.getpid(), sent)
"""


@pytest.fixture
def fragile(tmp_path):
    course = make_course(tmp_path / "course")
    (course.graders_of("h1") / "test_fatal.py").write_text(FATAL)
    return Setup(course, make_assignment(course), 1, KEY)


def test_each_submission_gets_one_report(setup, tmp_path):
    names = [f"s{number}" for number in range(9)]
    wrong = DOUBLE.replace("x + x", "x")
    submissions = [
        read_folder(setup, hand_in(tmp_path / name, double=wrong if number % 3 else DOUBLE))
        for number, name in enumerate(names)
    ]
    reports = {each.student: each.score for each in grade_class(submissions, setup, 2)}
    assert reports == {name: 60 if number % 3 else 100 for number, name in enumerate(names)}


@pytest.mark.parametrize("value", [666.0, 777.0], ids=["dies", "stops"])
def test_a_grading_process_that_ends_costs_its_own_submission_only(fragile, tmp_path, monkeypatch, value):
    monkeypatch.setattr(process, "_LOOK_S", 0.1)
    fatal = f"def total(x):\n    return {value}\n"
    names = {"ada": {}, "bob": {"total": fatal}, "cyd": {}, "dan": {}}
    submissions = [read_folder(fragile, hand_in(tmp_path / name, **files)) for name, files in names.items()]
    reports = {each.student: each for each in grade_class(submissions, fragile, 2)}
    assert {name: report.score for name, report in reports.items()} == {
        "ada": 100,
        "bob": None,
        "cyd": 100,
        "dan": 100,
    }
    assert reports["bob"].status == "internal"


def test_a_grading_process_past_all_budgets_is_ended(setup, monkeypatch):
    monkeypatch.setattr(process, "_START_S", -1e9)
    monkeypatch.setattr(process, "_LOOK_S", 0.0)
    late = process.GradingProcess(1, setup)
    late.look()
    with pytest.raises(process.Died):
        late.answer()
    late.end(0)


def test_no_submissions_give_no_reports(setup):
    assert list(grade_class([], setup, 2)) == []


def test_tasks_travel_to_other_processes_with_nothing_lost(setup):
    assert hash(replace(setup)) == hash(setup)
