from __future__ import annotations

import math
import random
import statistics

import pytest

from autograder.speed.interval import median_interval


def test_the_interval_holds_the_true_median_as_often_as_it_says():
    chance = random.Random(3)
    inside = 0
    for _ in range(1000):
        # Skewed, as times are: most near one, some far above.
        samples = [math.exp(chance.gauss(0, 0.5)) for _ in range(25)]
        found = median_interval(samples)
        inside += found.low <= 1.0 <= found.high
    assert 0.93 <= inside / 1000 <= 0.99


def test_more_samples_make_it_narrower():
    chance = random.Random(4)
    samples = [chance.gauss(1, 0.1) for _ in range(400)]
    widths = [median_interval(samples[:count]).width for count in (10, 40, 160, 400)]
    assert widths == sorted(widths, reverse=True)


def test_one_outlier_does_not_move_the_median():
    samples = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 50.0]
    assert median_interval(samples).median == statistics.median(samples) < 1.02


@pytest.mark.parametrize("count", [1, 5])
def test_few_samples_say_nothing_of_the_interval(count):
    found = median_interval([1.0] * count)
    assert (found.low, found.high) == (-math.inf, math.inf)


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="at least one sample"):
        median_interval([])
