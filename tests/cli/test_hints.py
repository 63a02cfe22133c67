"""Likely mistakes are told when the assignment's rules allow it; staff see them at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import dlc
from tests.tiny_course import TOTAL, hand_in, make_course

MISTAKE = """
from autograder.author.catalogue import Mistake

WRONG = (Mistake("mean", "total", "summing", "That is the mean.", "entries.sum()", "entries.mean()"),)
RIGHT = ()
"""
MEAN = "def total(x):\n    return float(x.mean()) if x.size else 0.0\n"


@pytest.fixture
def graded(tmp_path):
    """graded(rules, total): one hand-in graded under these rules; its result for the student."""
    make_course(tmp_path)
    (tmp_path / "mistakes/h1").mkdir(parents=True)
    (tmp_path / "mistakes/h1/__init__.py").write_text(MISTAKE)
    path = tmp_path / "assignments/h1/assignment.yaml"
    plain = path.read_text()

    def run(rules, total=MEAN):
        path.write_text(plain + rules)
        hand_in(tmp_path / "class/ada", total=total)
        done = dlc("grade", "h1", tmp_path / "class", "-o", tmp_path / "out", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        return json.loads((tmp_path / "out/results/ada.json").read_text())

    return run


def hint(result):
    (found,) = [task["diagnosis"] for task in result["tasks"] if task["task"] == "total"]
    return found and found["says"]


def pages(tmp_path):
    return (tmp_path / "out/reports/ada.html").read_text(), (tmp_path / "out/index.html").read_text()


def test_hints_are_told_unless_rules_say_otherwise(graded, tmp_path):
    assert hint(graded("")) == "That is the mean."
    student, staff = pages(tmp_path)
    assert "That is the mean." in student
    row = (
        staff.partition("That is the mean.")[0].rpartition("<tr>")[2]
        + staff.partition("That is the mean.")[2]
    )
    assert "100 %" in row.partition("</tr>")[0]
    assert 'href="reports/ada.html"' in row.partition("</tr>")[0]


def test_task_without_hints_keeps_them_for_staff_also_on_pages_written_again(graded, tmp_path):
    assert hint(graded("hints: {without: [total]}\n")) is None
    for _ in range(2):
        student, staff = pages(tmp_path)
        assert "That is the mean." not in student
        assert "That is the mean." in staff
        (tmp_path / "out/reports/ada.html").unlink()
        assert dlc("report", tmp_path / "out", folder=tmp_path).returncode == 0


def test_hints_wait_for_the_attempt(graded, tmp_path):
    rules = "hints: {from_attempt: 2}\n"
    first = graded(rules)
    assert (first["attempt"], hint(first)) == (1, None)
    again = graded(rules)  # the same hand-in is no new attempt
    assert (again["attempt"], hint(again)) == (1, None)
    second = graded(rules, MEAN + "\n# second try\n")
    assert (second["attempt"], hint(second)) == (2, "That is the mean.")


def test_hints_wait_for_the_due_date_and_come_with_the_next_run(graded, tmp_path):
    after = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    before = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    assert hint(graded(f"hints: {{after_due: true}}\ndue: {after}\n")) is None
    assert "That is the mean." in pages(tmp_path)[1]
    assert hint(graded(f"hints: {{after_due: true}}\ndue: {before}\n")) == "That is the mean."
    assert "That is the mean." in pages(tmp_path)[0]


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ("hints: {without: [nothing]}\n", "`hints` names 'nothing', which is no task"),
        ("hints: {after_due: 3}\n", "must be true or false, not 3"),
        ("hints: {from_attempt: 0}\n", "must be a whole number from 1 to 1000, not 0"),
    ],
)
def test_rules_written_wrongly_are_named(tmp_path, rules, complaint):
    make_course(tmp_path)
    path = tmp_path / "assignments/h1/assignment.yaml"
    path.write_text(path.read_text() + rules)
    hand_in(tmp_path / "class/ada", total=TOTAL)
    done = dlc("grade", "h1", tmp_path / "class", "-o", tmp_path / "out", folder=tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr
