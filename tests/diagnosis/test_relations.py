"""A relation between wrong and right numbers is found, and named only where it holds."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.diagnosis.relations import relation
from autograder.studentkit import NotClose, assert_close

RNG = np.random.default_rng(0)
RIGHT = RNG.standard_normal((4, 5, 7))
SYMMETRIC = np.array(RIGHT[0, :4, :4] + RIGHT[0, :4, :4].T)


def found(actual, expected=RIGHT):
    with pytest.raises(NotClose) as caught:
        assert_close(actual, expected, name="dx")
    return relation(caught.value)


def only(where):
    wrong = RIGHT.copy()
    wrong[where] += 1
    return wrong


@pytest.mark.parametrize(
    ("actual", "name"),
    [
        (np.zeros_like(RIGHT), "zero"),
        (-RIGHT, "times -1"),
        (2 * RIGHT, "times 2"),
        (RIGHT / 4, "times 1/4 (the length of axis 0)"),
        (RIGHT * 140, "times 140 (the number of entries)"),
        (RIGHT[:, ::-1, ::-1], "flipped"),
        (RIGHT.transpose(0, 2, 1), "transposed"),
        (RIGHT.reshape(4, 35), "reshaped"),
        (np.sort(RIGHT, axis=None).reshape(RIGHT.shape), "reordered"),
        (RIGHT + 0.25, "shifted"),
        (np.abs(RIGHT), "signs"),
        (only(np.s_[:, :, 0]), "only at the start of axis 2"),
        (only(np.s_[:, :-1]), "only before the end of axis 1"),
    ],
    ids=str,
)
def test_relation_is_named(actual, name):
    assert found(actual).name == name


def test_float32_does_not_hide_it():
    assert found((3 * RIGHT).astype(np.float32)).name == "times 3"


def test_swapped_axes_of_a_square_are_seen():
    square = RNG.standard_normal((4, 4))
    assert found(square.T, square).name == "transposed"


@pytest.mark.parametrize(
    "actual",
    [RNG.standard_normal(RIGHT.shape), np.full_like(RIGHT, np.nan), RIGHT + RNG.standard_normal(RIGHT.shape)],
    ids=["noise", "nan", "near"],
)
def test_nothing_is_named_where_nothing_holds(actual):
    assert found(actual) is None


def test_sentence_holds_the_factor_and_no_entry_of_the_answer():
    assert found(RIGHT * 1.5).says == "dx is 1.5 times what it should be."
    # Whoever knows the answer but for its size would read that size off the factor.
    assert found(RIGHT * 1.2345).says == "dx is a multiple of what it should be."


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.array(1.00004), np.array(1.0)),
        (RIGHT * (1 + 3e-5), RIGHT),
        (np.full((3, 3), 2.0) + 1e-4 * RNG.standard_normal((3, 3)), np.full((3, 3), 2.0)),
        (SYMMETRIC + 1e-4 * RNG.standard_normal((4, 4)), SYMMETRIC),
        (np.log(np.exp(RIGHT) + 1e-4), RIGHT),
    ],
    ids=["a scalar", "a rounding", "equal entries", "a symmetric matrix", "a small number in a log"],
)
def test_what_would_hold_of_nearly_right_numbers_too_says_nothing(actual, expected):
    named = found(actual, expected)
    assert named is None or named.name == "scaled"


def test_numbers_are_never_one_times_what_they_should_be():
    named = found(RIGHT * (1 + 3e-5))
    assert named is None or "1 times" not in named.says
