from __future__ import annotations

import itertools
import math

import pytest

from autograder.errors import GraderError
from autograder.speed import Curve


def test_nothing_below_the_start_and_everything_at_the_end():
    curve = Curve(start=0.1, full=0.85)
    assert [curve.share(ratio) for ratio in (0.0, 0.05, 0.1, math.nan, -1.0)] == [0.0] * 5
    assert [curve.share(ratio) for ratio in (0.85, 1.0, 20.0)] == [1.0] * 3


@pytest.mark.parametrize("step", [1.15, 1.5, 2.0])
def test_steps_are_as_far_apart_as_asked_and_worth_the_same(step):
    curve = Curve(start=0.1, full=0.85, step=step)
    thresholds = curve.thresholds
    assert thresholds[-1] == pytest.approx(0.85)
    assert all(b / a >= step - 1e-9 for a, b in itertools.pairwise(thresholds))
    shares = [curve.share(each) for each in thresholds]
    assert shares == pytest.approx([(i + 1) / len(thresholds) for i in range(len(thresholds))])


def test_the_share_follows_the_logarithm_of_the_ratio():
    curve = Curve(start=0.1, full=0.85, step=1.01, grace=0.0)
    for ratio in (0.15, 0.3, 0.5, 0.8):
        smooth = math.log(ratio / 0.1) / math.log(8.5)
        assert curve.share(ratio) == pytest.approx(smooth, abs=0.01)


def test_a_threshold_may_be_missed_by_the_grace():
    curve = Curve(start=0.1, full=0.85, grace=0.05)
    assert curve.share(0.85 * 0.951) == 1.0
    assert curve.share(0.85 * 0.949) < 1.0


def test_noise_smaller_than_a_step_moves_the_share_by_one_step_at_most():
    curve = Curve(start=0.1, full=0.85, step=1.5)
    one = 1 / len(curve.thresholds)
    for percent in range(5, 130):
        ratio = percent / 100
        for noise in (0.8, 0.95, 1.05, 1.25):
            assert abs(curve.share(ratio) - curve.share(ratio * noise)) <= one + 1e-9


def test_the_bonus_needs_the_vendor_s_speed_and_full_marks():
    curve = Curve(bonus_at=0.9, bonus=0.1)
    assert curve.share(1.0, 0.9) == pytest.approx(1.1)
    assert curve.share(1.0, 0.89) == 1.0
    assert curve.share(0.5, 2.0) < 1.0
    assert Curve().share(1.0, 2.0) == 1.0


@pytest.mark.parametrize("wrong", [{"start": 0.0}, {"start": 0.9}, {"step": 1.0}, {"grace": 1.0}])
def test_a_curve_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(GraderError, match="a Curve needs"):
        Curve(**wrong)
