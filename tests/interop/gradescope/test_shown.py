"""What students read of a submission on Gradescope."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.export.gradescope.results import results
from autograder.grading.score import score
from autograder.model import Hints, Submission, TestResult, Timing, Verdict
from autograder.report import hide
from autograder.spec import load_assignment, load_course
from tests.interop.conftest import report
from tests.interop.gradescope.conftest import needs_container
from tests.tiny_course import DOUBLE

ROOT = Path(__file__).parents[3]
WRONG = DOUBLE.replace("x + x", "x * x")


@needs_container
def test_the_student_reads_what_failed_by_how_much_and_where(submit):
    ran = submit(WRONG)
    double, total = ran.results["tests"]
    assert (double["name"], double["number"], double["status"]) == ("Doubling", "1", "failed")
    assert "1 of 3 tests passed." in double["output"]
    assert "times" in double["output"] or "wrong" in double["output"]
    assert '<img alt="Where out is wrong' in double["output"]
    assert (total["status"], total["output"]) == ("passed", "<p>2 of 2 tests passed.</p>")


def test_the_likely_mistake_is_told_by_the_rules_for_hints(assignment):
    full = report("ada", 60.0)
    told = results(full, assignment)["tests"][1]["output"]
    assert "The likely mistake (90 %): </strong>You normalise with" in told
    due = replace(assignment, hints=Hints(after_due=True), due=datetime(2027, 3, 1, tzinfo=UTC))
    for day, hidden in ((28, True), (31, False)):
        now = datetime(2027, 2 if day == 28 else 3, day, tzinfo=UTC)
        shown = results(hide(full, due, now), due)["tests"][1]["output"]
        assert ("likely mistake" not in shown) == hidden


def test_speed_goes_to_the_leaderboard_where_it_counts(assignment):
    course = load_course(ROOT)
    hot = load_assignment(course, "a8_performance")
    timing = Timing(0.9, 0.8, 1.0, 30, "cpu", 1)
    timed = TestResult("t.py::test_speed", hot.tasks[0].id, "speed", Verdict.PASSED, timing=timing)
    scored = score(hot, Submission("ada", hot.id, {}), (timed,), tier=1)
    board = results(scored, hot)["leaderboard"]
    assert [row["value"] for row in board] == [0.9, 0.0, 0.0, 0.0, scored.score]
    assert {row["order"] for row in board} == {"desc"}
    assert "leaderboard" not in results(report("ada", 60.0), assignment)
