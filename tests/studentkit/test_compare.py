from collections import OrderedDict
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.frameworks.torch import TensorData
from autograder.studentkit import (
    Expected,
    NotClose,
    StudentError,
    assert_close,
    assert_unchanged,
    either,
    reference,
)

RNG = np.random.default_rng(0)


def softmax(x):
    shifted = np.exp(x - x.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_float32_answer_is_accepted_and_one_in_a_thousand_off_is_not(n, d, seed):
    x = np.random.default_rng(seed).normal(size=(n, d))
    want = reference(softmax, x)
    assert_close(softmax(x.astype(np.float32)), want)
    with pytest.raises(NotClose):
        assert_close(softmax(x) * 1.001, want)


def test_limit_grows_with_the_rounding_of_the_reference_and_stops_at_a_thousandth():
    def cancels(x):
        return (x + 1e4) - 1e4

    def hopeless(x):
        return (x + 1e12) - 1e12

    x = RNG.normal(size=50)
    assert reference(softmax, x[None]).limit < 1e-5
    assert 1e-4 < reference(cancels, x).limit <= 1e-3
    assert reference(hopeless, x).limit == 1e-3


def test_reference_keeps_integers_and_leaves_caches_out():
    def loss(x, y):
        return float(x[np.arange(len(y)), y].sum()), {"dx": x}, object()

    value, parts, cache = reference(loss, np.ones((2, 3)), np.array([0, 2]))
    assert (value.value, parts["dx"].value.shape, cache) == (2.0, (2, 3), None)


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        (np.ones((3, 2)), r"dx has shape \(3, 2\); expected \(2, 3\)"),
        (np.full((2, 3), np.nan), "dx holds NaN where it should not, in 100% of its entries"),
        (np.array([[np.inf, 1, 1], [1, 1, 1]]), "dx holds infinity where it should not, in 17%"),
        (None, "dx is None; expected numbers"),
        ([[1.0] * 3] * 2, "dx is a list; expected numbers"),
        (np.ones((2, 3)).view(TensorData), "dx is a torch tensor"),
        (np.ones((2, 3), dtype=complex), "dx has dtype complex128"),
        (np.full((2, 3), "1.0"), "dx has dtype <U3"),
        (np.full((2, 3), 1.0, dtype=object), "dx has dtype object"),
        (1.5 * np.ones((2, 3)), r"dx: relative error 0.5, at most 1e-06 accepted; 100% of the entries"),
    ],
    ids=["shape", "nan", "inf", "none", "list", "tensor", "complex", "text", "object", "value"],
)
def test_failure_names_the_property_that_failed(actual, message):
    with pytest.raises(NotClose, match=message):
        assert_close(actual, np.ones((2, 3)), "dx")


def test_object_that_claims_to_be_equal_is_refused():
    class Liar:
        def __eq__(self, other):
            return True

        def __array__(self, dtype=None, copy=None):
            return np.ones((2, 3))

    with pytest.raises(NotClose, match="dx is a Liar"):
        assert_close(Liar(), np.ones((2, 3)), "dx")


def test_message_reveals_no_value_of_either_side():
    with pytest.raises(NotClose) as caught:
        assert_close(np.full(4, 271.828), np.full(4, 314.159), "out")
    assert "271" not in str(caught.value)
    assert "314" not in str(caught.value)
    assert "314.159" in caught.value.detail


def test_infinite_answer_is_right_where_infinity_is_expected():
    assert_close(np.array([np.inf, 1.0]), np.array([np.inf, 1.0]))
    with pytest.raises(NotClose):
        assert_close(np.array([-np.inf, 1.0]), np.array([np.inf, 1.0]))


@pytest.mark.parametrize("huge", [1e200, 1.7e308])
def test_answer_whose_squares_overflow_is_wrong_and_no_fault_of_ours(huge):
    with pytest.raises(NotClose, match="100% of the entries are wrong"):
        assert_close(np.array([[-huge, huge], [huge, -huge]]), np.ones((2, 2)))


def test_zero_answer_is_compared_absolutely():
    assert_close(np.zeros(3), np.zeros(3))
    with pytest.raises(NotClose):
        assert_close(np.full(3, 1e-3), np.zeros(3))


def test_empty_arrays_of_equal_shape_are_equal():
    assert_close(np.zeros((0, 3)), np.zeros((0, 3)))


def test_picture_shows_where_the_error_is():
    got = np.zeros((2, 3, 5, 7))
    got[1, 2, 0, :] = 0.5  # the border row, in one image and one channel
    with pytest.raises(NotClose) as caught:
        assert_close(got, Expected(np.zeros((2, 3, 5, 7))), "dx")
    levels = np.array(caught.value.levels)
    assert levels.shape == (5, 7)
    assert (levels[0] == 7).all()
    assert (levels[1:] == 0).all()


def test_picture_of_a_large_array_stays_small():
    with pytest.raises(NotClose) as caught:
        assert_close(RNG.normal(size=(300, 500)), np.zeros((300, 500)))
    assert np.array(caught.value.levels).shape == (24, 32)


def test_changed_input_is_named():
    x, w = np.ones(3), np.ones(2)
    assert_unchanged((x.copy(), w.copy()), (x, w), ("x", "w"))
    with pytest.raises(NotClose, match="changed its input w in place"):
        assert_unchanged((x, w + 1), (x, w), ("x", "w"))


def test_negative_zero_counts_as_changed():
    with pytest.raises(NotClose):
        assert_unchanged((np.array([-0.0]),), (np.array([0.0]),), ("x",))


def fail(error):
    raise error


def test_either_passes_when_a_later_attempt_passes():
    either(lambda: fail(AssertionError("own cache")), lambda: None)


def test_either_reports_the_first_failure():
    with pytest.raises(AssertionError, match="own cache"):
        either(lambda: fail(AssertionError("own cache")), lambda: fail(AssertionError("our cache")))


def test_either_does_not_try_again_with_a_dead_worker():
    with pytest.raises(StudentError, match="deadline"):
        either(lambda: fail(StudentError("deadline", "timeout")), lambda: None)


def test_either_hides_no_fault_of_ours():
    with pytest.raises(KeyError):
        either(lambda: fail(KeyError("ours")), lambda: None)


def test_reference_keeps_the_names_of_its_values():
    class Both(NamedTuple):
        out: object
        cache: object

    want = reference(lambda x: Both(2 * x, OrderedDict(x=x)), np.ones(3))
    assert type(want) is Both
    assert_close(2 * np.ones(3), want.out)
    assert_close(np.ones(3), want.cache["x"])
