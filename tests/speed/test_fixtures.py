"""Speed counts after right answers; a share of it earns a share of the points; without a clock it is open."""

from __future__ import annotations

import random
import textwrap
import types

import pytest

from autograder.grading import GraderSession, Tools, score
from autograder.model import Assignment, Limits, Submission, Task, Verdict
from autograder.speed import Compiler, Race, Variant, assert_launchable
from autograder.studentkit import Local
from tests.plain_graders import loads

TASK = Task("double", "Double", 10, ("m:double",), {"forward": 3, "edge": 1, "speed": 6})
GRADERS = """
import numpy as np
from autograder.studentkit import task, assert_close
from autograder.speed import ArraySpec, Contest, Curve, Rule, Work

class Size:
    work = Work(1e3, 1e3)
    def draw(self, rng, device):
        return (rng.normal(size=3),), {}
    def empty(self, args, options):
        return ArraySpec.of(args[0])
    def answer(self, args, options):
        return 2 * args[0]
    def check(self, found, answer):
        assert_close(found, answer, "the double")

CONTEST = Contest("m", "double", (Size(),), curve=Curve(), rule=Rule(least=3, most=6, heat=3))

@task("double", part="speed")
def test_a_speed(race, rng):
    race.cpu(CONTEST, rng)

@task("double", part="forward")
def test_doubles(student, rng):
    x = rng.normal(size=3)
    assert_close(student.m.double(x), 2 * x, "the double")

@task("double", part="edge")
def test_nothing_at_all(student):
    assert_close(student.m.double(np.zeros(0)), np.zeros(0), "the double")
"""


class Clock:
    """A track on which the student takes `slower` times as long as we do."""

    device, kind, tier = "a clock of the test", "cpu", 1

    def __init__(self, slower, double):
        self.slower, self.double = slower, double

    def contestants(self, _contest):
        def runs(seconds):
            return lambda inputs: (seconds, self.double(*inputs.args))

        return {"student": runs(0.001 * self.slower), "reference": runs(0.001)}

    def allow(self, seconds):
        pass

    renew = lambda self: None  # noqa: E731
    doubt = lambda self: ""  # noqa: E731
    roofs = lambda self: iter(())  # noqa: E731
    clocks = lambda self: ""  # noqa: E731


@pytest.fixture
def graded(tmp_path):
    """graded(double, slower) -> report of one hand-in; without `slower` there is no clock."""
    (tmp_path / "test_m.py").write_text(textwrap.dedent(GRADERS))

    def grade(double, slower=None):
        student = Local(lambda _: types.SimpleNamespace(double=double), lambda *_: "data", wrap=True)
        race = Race(Clock(slower, double), None, 1) if slower else Race()
        tools = Tools({"race": race, "compiler": Compiler()}, race.judged)
        with GraderSession(tmp_path, (TASK,), load=loads(tmp_path), tools=tools) as session:
            results = session.run(student, len)
        return results, score(assignment(tmp_path), Submission("ada", "a1", {}), results, tier=1)

    return grade


def assignment(folder):
    return Assignment(
        id="a1",
        title="Double",
        due=None,
        late_policy={},
        limits=Limits(),
        packages=("numpy",),
        topics=(),
        provided=(),
        omit=(),
        forbidden=(),
        tasks=(TASK,),
        folder=folder,
    )


def speed_of(results):
    (found,) = [each for each in results if each.part == "speed"]
    return found


def test_speed_is_judged_last_whatever_stands_first_in_the_file(graded):
    results, _ = graded(lambda x: x + x, 1.0)
    assert [each.part for each in results] == ["forward", "edge", "speed"]


@pytest.mark.parametrize(("slower", "points"), [(1.0, 6.0), (0.5, 6.0), (20.0, 0.0)])
def test_as_fast_as_the_reference_earns_all_and_far_slower_nothing(graded, slower, points):
    _, report = graded(lambda x: x + x, slower)
    assert report.score == pytest.approx(4 + points)


def test_a_share_of_the_speed_earns_that_share_of_the_points(graded):
    results, report = graded(lambda x: x + x, 3.0)
    share = speed_of(results).fraction
    assert 0 < share < 1
    assert report.score == pytest.approx(4 + 6 * share)
    assert speed_of(results).timing.ratio == pytest.approx(1 / 3)


def test_wrong_answers_are_not_timed(graded):
    results, report = graded(lambda x: 3 * x, 1.0)
    assert speed_of(results).verdict is Verdict.FAILED
    assert speed_of(results).timing is None
    assert "once the answers are right" in speed_of(results).message
    assert report.score == 0.0  # of nothing at all, three times is twice: it rests on the other answers


def test_an_edge_case_that_fails_costs_no_speed(graded):
    def double(x):
        if not x.size:
            raise ZeroDivisionError
        return 2 * x

    results, report = graded(double, 1.0)
    assert speed_of(results).verdict is Verdict.PASSED
    assert report.score == pytest.approx(9.0)


def test_without_a_clock_the_points_stay_open(graded):
    results, report = graded(lambda x: x + x)
    assert speed_of(results).verdict is Verdict.OPEN
    assert (report.score, report.open_points) == (4.0, 6.0)


def test_an_answer_that_is_wrong_only_when_timed_earns_no_speed(graded):
    chance = random.Random(1)
    calls = []

    def double(x):
        calls.append(x)
        return 2 * x if len(calls) <= 3 or chance.random() < 0.5 else x

    results, report = graded(double, 1.0)
    assert speed_of(results).verdict is Verdict.FAILED
    assert report.score == 4.0


def variant(**changes):
    return Variant(
        **{"name": "k", "shared": 1024, "max_shared": 166912, "tensor_cores": True, "error": ""} | changes
    )


def test_a_kernel_with_one_configuration_that_fits_is_launchable():
    assert_launchable([variant(shared=200_000), variant()], "f", 80)


@pytest.mark.parametrize(
    ("variants", "says"),
    [
        ([], "launches no Triton kernel"),
        ([variant(shared=200_000)], "195 KiB of shared memory in its smallest configuration, but an A100"),
        ([variant(error="unknown name")], "does not compile for an A100 .sm_80.: unknown name"),
        ([variant(), variant(name="other", error="no")], "kernel other does not compile"),
    ],
)
def test_a_kernel_that_cannot_be_launched_is_named_with_its_reason(variants, says):
    with pytest.raises(AssertionError, match=says):
        assert_launchable(variants, "f", 80)
