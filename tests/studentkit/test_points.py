from pathlib import Path

from autograder.studentkit.folder import Release, ReleasedTask
from autograder.studentkit.points import Outcome, findings, points

WEIGHTS = {"forward": 60, "choice": 20, "edge": 20}
TASK = ReleasedTask("conv", "Convolution", 10, "code", ("lib.conv:f",), WEIGHTS)
RELEASE = Release(Path(), "a4", "CNN", "lib", (TASK,), {})


def ran(part, passed, judges=""):
    return Outcome(f"test_{part}_{judges}", "conv", part, passed, judges=judges)


def test_public_points_leave_out_what_guessing_earns():
    edge = ran("edge", passed=True)
    assert points(TASK, [ran("forward", passed=False), edge]) == 0
    assert points(TASK, [ran("forward", passed=True), edge]) == 10
    always = [ran("choice", passed=True, judges="yes"), ran("choice", passed=False, judges="no")]
    assert points(TASK, [ran("forward", passed=True), *always]) == 7.5


def test_a_part_that_no_public_test_is_about_costs_no_points():
    assert points(TASK, [ran("edge", passed=True)]) == 10


def test_a_student_reads_why_a_passed_test_earns_nothing():
    lines = findings(RELEASE, [ran("forward", passed=False), ran("edge", passed=True)])
    assert "test_edge_: passed, but no points without anything right in forward or choice" in lines
