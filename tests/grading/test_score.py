from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.grading import score
from autograder.model import Assignment, Limits, Submission, Task, TestResult, Timing, Verdict

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONV = Task("conv", "Convolution", 60, ("lib.conv:f",), {"forward": 3, "backward": 1})
NET = Task("net", "Network", 40, ("lib.net:g",), {"forward": 1}, needs=("conv",))
ASSIGNMENT = Assignment(
    id="a4",
    title="CNN",
    due=DUE,
    late_policy={"per_day": 0.1, "max_days": 3},
    limits=Limits(),
    packages=("numpy",),
    topics=(),
    provided=(),
    omit=(),
    forbidden=(),
    tasks=(CONV, NET),
    folder=Path(),
)
SUBMISSION = Submission("ada", "a4", {})


def result(task, part, verdict, number=0):
    return TestResult(f"{task}-{part}-{number}", task, part, verdict)


def graded(*results, submission=SUBMISSION, assignment=ASSIGNMENT):
    return score(assignment, submission, results, tier=1)


ALL_RIGHT = (
    result("conv", "forward", Verdict.PASSED),
    result("conv", "backward", Verdict.PASSED),
    result("net", "forward", Verdict.PASSED),
)


def test_all_passed_gives_full_marks():
    assert graded(*ALL_RIGHT).score == 100.0


def test_a_race_without_isolation_makes_the_whole_grade_one_without():
    """As on a GPU where nobody may mount: no grade of record."""
    race = Timing(1.0, 0.9, 1.1, 20, "a GPU", tier=0)
    assert graded(replace(ALL_RIGHT[0], timing=race), *ALL_RIGHT[1:]).tier == 0
    assert graded(*ALL_RIGHT).tier == 1


def test_weight_of_a_part_is_shared_by_its_tests():
    half = [result("conv", "forward", Verdict.PASSED, 1), result("conv", "forward", Verdict.FAILED, 2)]
    report = graded(*half, *ALL_RIGHT[1:])
    assert report.tasks[0].score == pytest.approx(60 * (3 * 0.5 + 1) / 4)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in (Verdict.PASSED, Verdict.INTERNAL)])
def test_nothing_but_passed_earns(verdict):
    report = graded(*(replace(each, verdict=verdict) for each in ALL_RIGHT))
    assert report.score == 0.0


def test_our_fault_gives_no_score_and_is_shown():
    report = graded(*ALL_RIGHT[:2], result("net", "forward", Verdict.INTERNAL))
    assert (report.score, report.status) == (None, "internal")
    assert report.tasks[0].score == 60.0


def test_open_tests_keep_their_points_open():
    report = graded(*ALL_RIGHT[1:], result("conv", "forward", Verdict.OPEN))
    assert (report.score, report.open_points) == (55.0, 45.0)


def test_written_task_is_open_until_graded_by_hand():
    essay = replace(NET, kind="written")
    report = graded(*ALL_RIGHT[:2], assignment=replace(ASSIGNMENT, tasks=(CONV, essay)))
    assert (report.score, report.open_points, report.tasks[1].score) == (60.0, 40.0, None)


def test_what_rests_on_other_parts_earns_only_beside_them():
    task = replace(CONV, weights={"forward": 3, "edge": 1})
    about = replace(ASSIGNMENT, tasks=(task, NET))
    edge, net = result("conv", "edge", Verdict.PASSED), ALL_RIGHT[2]
    alone = graded(result("conv", "forward", Verdict.FAILED), edge, net, assignment=about)
    assert alone.tasks[0].score == 0.0
    assert (alone.results[1].verdict, alone.results[1].fraction) == (Verdict.PASSED, 0.0)
    assert "no points without anything right in forward" in alone.results[1].message
    beside = result("conv", "forward", Verdict.PASSED, 1)
    assert graded(*alone.results, beside, assignment=about).tasks[0].score == 60 * 3 / 4 / 2
    assert graded(beside, edge, net, assignment=about).tasks[0].score == 60.0


def test_what_is_stated_for_a_task_goes_before_the_rule():
    task = replace(CONV, rests_on={"backward": ("forward",)})
    found = (result("conv", "forward", Verdict.FAILED), *ALL_RIGHT[1:])
    assert graded(*found, assignment=replace(ASSIGNMENT, tasks=(task, NET))).tasks[0].score == 0.0
    assert graded(*found).tasks[0].score == 15.0


@pytest.mark.parametrize(
    ("passed", "points"), [("yyynnn", 40.0), ("yyynn", 40 * 5 / 6), ("yyy", 0.0), ("nnn", 0.0), ("yyyn", 0.0)]
)
def test_judgements_earn_only_together(passed, points):
    tests = []
    for answer in "yn":
        for number in range(3):
            verdict = Verdict.PASSED if number < passed.count(answer) else Verdict.FAILED
            tests.append(replace(result("net", "forward", verdict, f"{answer}{number}"), judges=answer))
    assert graded(*ALL_RIGHT[:2], *tests).tasks[1].score == pytest.approx(points)


def test_composite_says_from_what_its_loss_follows():
    lost = (
        replace(ALL_RIGHT[0], verdict=Verdict.FAILED),
        ALL_RIGHT[1],
        replace(ALL_RIGHT[2], verdict=Verdict.FAILED),
    )
    assert graded(*lost).tasks[1].follows_from == ("conv",)
    assert graded(*ALL_RIGHT[:2], lost[2]).tasks[1].follows_from == ()


@pytest.mark.parametrize(
    ("late", "days", "points"),
    [
        (timedelta(0), 0, 100.0),
        (timedelta(seconds=1), 1, 90.0),
        (timedelta(days=1), 1, 90.0),
        (timedelta(days=2, seconds=1), 3, 70.0),
        (timedelta(days=4), 4, 0.0),
    ],
    ids=str,
)
def test_late_days_are_begun_days_and_cost_by_the_policy(late, days, points):
    report = graded(*ALL_RIGHT, submission=replace(SUBMISSION, received_at=DUE + late))
    assert (report.late_days, report.score) == (days, points)
    assert report.penalty == pytest.approx(100 - points)


def test_thirds_add_up_to_whole_points():
    thirds = replace(NET, points=40, weights={"a": 1, "b": 1, "c": 1})
    tests = [result("net", part, Verdict.PASSED) for part in "abc"]
    assert graded(*ALL_RIGHT[:2], *tests, assignment=replace(ASSIGNMENT, tasks=(CONV, thirds))).score == 100.0
