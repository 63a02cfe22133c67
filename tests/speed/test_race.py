"""One race over contestants whose times are known, so that every outcome can be told in advance."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from autograder.errors import OpenPoints, SandboxError
from autograder.replay import Allowance
from autograder.speed import ArraySpec, Contest, Curve, Race, Rule, Work
from autograder.speed.contest import NULL, REFERENCE, STUDENT, VENDOR
from autograder.speed.race import TooSlow, hold
from autograder.speed.roofline import Roof
from autograder.studentkit import StudentError

RULE = Rule(precision=0.05, least=8, most=40, heat=8, seconds=60, unstable=0.2)


class Size:
    def __init__(self, work):
        self._work = work

    def __str__(self):
        return str(self._work)

    @property
    def work(self):
        return Work(float(self._work), float(self._work))

    def draw(self, rng, device):
        assert device == "cpu"
        return (rng.standard_normal(3), self._work), {}

    def empty(self, args, options):
        return ArraySpec((3,), "float64")

    def answer(self, args, options):
        return 2 * args[0]

    def check(self, found, answer):
        assert np.allclose(found, answer), "the timed answer is wrong"


class Track:
    """Contestants take work / speed seconds and a fixed way there and back, with a little noise."""

    device, kind, tier = "a clock of the test's own", "cpu", 1

    def __init__(
        self,
        speed,
        noise=0.01,
        way=0.5,
        wrong_from=None,
        roofs=(),
        limit=None,
        vendor=125.0,
        ours=None,
    ):
        self._speed, self._noise, self._way, self._vendor = speed, noise, way, vendor
        self._ours = ours or (lambda name, x: 2 * x)  # what our own contestants answer
        self._wrong_from, self._roofs, self._limit = wrong_from, roofs, limit
        self._chance = random.Random(5)
        self.calls, self.renewed, self.order, self.seen = 0, 0, [], []

    def contestants(self, contest):
        assert (contest.module, contest.function) == ("m", "f")
        names = [STUDENT, REFERENCE, NULL, *([VENDOR] if contest.vendor else [])]
        return {name: lambda inputs, name=name: self._run(name, inputs) for name in names}

    def _run(self, name, inputs):
        x, work = inputs.args
        self.order.append((name, work))
        speed = {REFERENCE: 100.0, VENDOR: self._vendor, STUDENT: self._speed}.get(name)
        seconds = self._way + (work / speed if speed else 0.0)
        seconds *= self._chance.lognormvariate(0, self._noise)
        if name == NULL:
            return seconds, None
        if name == STUDENT:
            self.calls += 1
            self.seen.append(x.tobytes())
            if self._limit and seconds > self._limit:
                raise StudentError("f took too long", "timeout")
            if self._wrong_from and self.calls >= self._wrong_from:
                return seconds, 2 * x + 1
            return seconds, 2 * x
        return seconds, self._ours(name, x)

    def allow(self, seconds):
        self.allowed = seconds

    def renew(self):
        self.renewed += 1

    def doubt(self):
        return ""

    def roofs(self):
        return iter([Roof({"float32": each}, 1e9) for each in self._roofs])

    def clocks(self):
        return ""


def race(track, **changes):
    options = {"curve": Curve(start=0.1, full=0.85, step=1.5), "rule": RULE, "vendor": "f", **changes}
    contest = Contest("m", "f", (Size(100), Size(400)), **options)
    return hold(contest, track, np.random.default_rng(1), random.Random(2))


@pytest.mark.parametrize("speed", [12.0, 35.0, 60.0, 100.0])
def test_the_ratio_is_that_of_the_speeds_whatever_the_way_there_and_back(speed):
    for way in (0.0, 5.0):
        timing = race(Track(speed, noise=0.002, way=way)).timing
        assert timing.ratio == pytest.approx(speed / 100, rel=0.05)
        assert timing.low <= timing.ratio <= timing.high
        assert timing.stable


def test_the_times_of_every_size_are_told_without_the_way():
    points = race(Track(50.0, noise=0.001)).timing.points
    assert [point.size for point in points] == ["100", "400"]
    assert points[1].student_s == pytest.approx(8.0, rel=0.05)
    assert points[1].reference_s == pytest.approx(4.0, rel=0.05)
    assert points[1].vendor_s == pytest.approx(3.2, rel=0.05)


def test_the_largest_size_decides_and_the_others_are_shown_for_fewer_rounds():
    class SlowOnSmallOnes(Track):
        def _run(self, name, inputs):
            seconds, found = super()._run(name, inputs)
            return seconds * (20 if name == STUDENT and inputs.args[1] == 100 else 1), found

    track = SlowOnSmallOnes(100.0)
    timing = race(track, vendor=None).timing
    assert timing.ratio == pytest.approx(1, rel=0.05)
    assert timing.points[0].student_s > 10 * timing.points[0].reference_s
    sizes = [work for name, work in track.order if name == REFERENCE][4:]  # after the warm-up
    assert 2 * sizes.count(100) < sizes.count(400) == timing.samples


def test_inputs_are_fresh_in_every_round_and_the_order_is_not_always_the_same():
    track = Track(100.0)
    race(track)
    counted = track.seen[2 * 2 :]  # two warm-up calls at each of two sizes
    assert len(set(counted)) == len(counted)
    names = [name for name, _ in track.order]
    rounds = [tuple(names[i : i + 4]) for i in range(len(names) - 40, len(names), 4)]
    assert len(set(rounds)) > 3


def test_everyone_starts_anew_after_each_heat():
    track = Track(100.0)
    race(track, rule=replace(RULE, least=9, heat=3, precision=0.5))
    assert track.renewed == 2


def test_the_answers_that_were_timed_are_the_ones_that_are_checked():
    with pytest.raises(AssertionError, match="the timed answer is wrong"):
        race(Track(100.0, wrong_from=12))


def test_an_interval_within_one_step_needs_no_more_rounds():
    assert race(Track(100.0, noise=0.03)).timing.samples == RULE.least


def test_an_interval_that_holds_a_threshold_needs_more():
    assert race(Track(85.0 * 0.95, noise=0.03)).timing.samples > RULE.least


def test_noise_never_costs_more_than_one_step():
    shares = set()
    for seed in range(30):
        track = Track(60.0, noise=0.15)
        track._chance = random.Random(seed)
        shares.add(round(race(track).share, 6))
    steps = Curve(start=0.1, full=0.85, step=1.5).thresholds
    assert max(shares) - min(shares) <= 1 / len(steps) + 1e-6


def test_what_is_far_too_slow_is_not_measured_to_the_end():
    track = Track(1.0, limit=50.0)
    with pytest.raises(TooSlow, match=r"points for speed begin at 0\.1"):
        race(track)
    assert track.calls == 1


def test_a_speed_above_the_roof_is_looked_at_by_a_person():
    finish = race(Track(1000.0, roofs=[150.0, 200.0]), vendor=None)
    assert finish.share is None
    assert "a person will look at it" in finish.says
    assert finish.timing.ratio == pytest.approx(10, rel=0.2)  # what was measured is kept for that person


def test_a_roof_that_a_busy_machine_showed_too_low_is_measured_again():
    timing = race(Track(1000.0, roofs=[150.0, 2000.0, 3000.0]), vendor=None).timing
    assert timing.points[-1].floor_s == pytest.approx(400 / 2000)


def test_a_roof_that_our_own_code_is_above_proves_nothing():
    assert race(Track(120.0, roofs=[50.0, 60.0])).timing.points[-1].floor_s is None


def test_a_speed_above_the_vendor_s_is_looked_at_by_a_person():
    finish = race(Track(150.0))
    assert finish.share is None
    assert not finish.again  # no other run tells more than this one
    assert "as fast as the vendor's library" in finish.says
    assert race(Track(130.0)).share == 1.0


def test_to_be_as_fast_as_our_own_code_is_never_suspicious():
    assert race(Track(100.0, vendor=60.0)).share == 1.0
    assert race(Track(150.0, vendor=60.0)).share is None


def test_noise_over_several_steps_leaves_the_points_open():
    track = Track(40.0, noise=0.8)
    finish = race(track, rule=replace(RULE, most=12, heat=4))
    assert track.renewed == 4  # it was measured twice
    assert finish.share is None
    assert "too busy" in finish.says
    assert finish.again
    assert finish.timing.low < finish.timing.ratio < finish.timing.high


def test_what_fails_on_our_side_is_not_the_student_s():
    def broken(name, x):
        raise StudentError("f raised RuntimeError", "error")

    for ours in (broken, lambda name, x: 3 * x):
        with pytest.raises(SandboxError, match=r"in a race our own reference (failed|was wrong)"):
            race(Track(100.0, ours=ours), vendor=None)


def test_an_answer_that_cannot_be_checked_is_the_student_s_where_the_course_s_own_can():
    class Odd(Track):
        def _run(self, name, inputs):
            seconds, found = super()._run(name, inputs)
            return seconds, ["odd"] * 2 if name == STUDENT else found

    with pytest.raises(StudentError, match="returned to a timed call cannot be checked: "):
        race(Odd(100.0))


def test_answers_of_the_library_are_not_judged():
    assert race(Track(100.0, ours=lambda name, x: 2 * x + (name == VENDOR))).share == 1.0


def test_a_good_kernel_gets_the_bonus():
    curve = Curve(bonus_at=0.9)
    assert race(Track(120.0, noise=0.002), curve=curve).share == pytest.approx(1.1)
    assert race(Track(100.0, noise=0.002), curve=curve).share == 1.0


def test_where_nothing_can_be_measured_the_points_stay_open():
    contest = Contest("m", "f", (Size(1),), allows=Allowance(frozenset(), "nothing"))

    def no_gpu():
        raise OpenPoints("no GPU here")

    with pytest.raises(OpenPoints, match="no GPU here"):
        Race(None, no_gpu).gpu(contest, None)
    for hold_ in (Race().gpu, Race().cpu):
        with pytest.raises(OpenPoints, match="measured by the grader only"):
            hold_(contest, None)


def test_a_finish_is_taken_once():
    held = Race(Track(100.0))
    contest = Contest("m", "f", (Size(100), Size(400)), rule=RULE)
    held.cpu(contest, np.random.default_rng(1))
    assert held.take_finish() is not None
    assert held.take_finish() is None
