"""Two failures are alike when the same mistake made them, whatever the rounding."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.diagnosis import likeness as judging
from autograder.diagnosis.likeness import NONE, STRONG, WEAK
from autograder.diagnosis.outcomes import outcome_of
from autograder.studentkit import NotClose, StudentError, assert_close

RNG = np.random.default_rng(1)
RIGHT, OTHER = RNG.standard_normal((2, 5, 3))


def likeness(student, suspect):
    return judging.likeness(student, None if suspect is None else outcome_of(suspect))


def failure(actual, name="dx"):
    with pytest.raises(NotClose) as caught:
        assert_close(actual, RIGHT, name=name)
    return caught.value


def test_same_wrong_numbers_are_alike_also_in_float32():
    assert likeness(failure((2 * RIGHT).astype(np.float32)), failure(RIGHT + RIGHT)) == STRONG


@pytest.mark.parametrize(
    "student", [2.1 * RIGHT, OTHER, RIGHT + 1e-3, np.full_like(RIGHT, np.nan), RIGHT[:4]]
)
def test_other_wrong_numbers_are_not(student):
    assert likeness(failure(student), failure(2 * RIGHT)) == NONE


def test_small_mistakes_are_told_apart():
    assert likeness(failure(RIGHT * (1 + 2e-5)), failure(RIGHT * (1 - 2e-5))) == NONE


def test_another_output_is_not_alike():
    assert likeness(failure(2 * RIGHT, "dw"), failure(2 * RIGHT, "dx")) == NONE


def test_same_numbers_of_a_wrong_shape_are_alike():
    assert likeness(failure(RIGHT.T), failure(RIGHT.T.copy())) == STRONG
    assert likeness(failure(RIGHT.T), failure(OTHER.T)) == WEAK


def test_same_complaint_is_weakly_alike_wherever_the_line():
    raised = [StudentError(f"conv_forward raised IndexError, line {line} of conv.py") for line in (3, 9)]
    assert likeness(*raised) == WEAK
    assert likeness(raised[0], StudentError("conv_forward raised ValueError")) == NONE
    assert (
        likeness(AssertionError("ties share\nassert 1 == 2"), AssertionError("ties share\nassert 3 == 4"))
        == WEAK
    )


def test_suspect_that_passes_is_not_alike():
    assert likeness(failure(OTHER), None) == NONE


def test_lost_digits_are_weakly_alike_though_each_code_loses_others():
    noise = RNG.standard_normal((2, *RIGHT.shape)) * 3e-6
    assert likeness(failure(RIGHT + noise[0]), failure(RIGHT + noise[1])) == WEAK
    assert likeness(failure(RIGHT + noise[0]), failure(RIGHT * 1.001)) == NONE


def test_refusing_by_an_assertion_is_weakly_alike_to_refusing_by_a_value_error():
    raised = [
        StudentError(f"pool raised {name}, line 3 of pool.py") for name in ("AssertionError", "ValueError")
    ]
    assert likeness(*raised) == WEAK
    assert likeness(raised[0], StudentError("pool raised TypeError, line 3 of pool.py")) == NONE


def drawn(factor, share, seed):
    """A failure of code that keeps a share of the entries, multiplied: what is right is by its own draw."""
    kept = np.random.default_rng(seed).random(4000) < share
    right = np.where(kept, np.linspace(1, 2, 4000), 0.0)
    with pytest.raises(NotClose) as caught:
        assert_close(factor * right, right, name="out")
    return caught.value


def test_codes_that_draw_by_themselves_are_alike_in_what_holds_whatever_is_drawn():
    assert likeness(drawn(3, 0.3, 1), drawn(3, 0.3, 2)) == STRONG
    assert likeness(drawn(3, 0.3, 1), drawn(3, 0.7, 2)) == NONE
    assert likeness(drawn(3, 0.3, 1), drawn(2, 0.3, 2)) == NONE
