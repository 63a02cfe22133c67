"""What the author of hidden tests draws inputs and judges digits with."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.author import Expected, NotClose, assert_close, both_signs, draw_until, in_float64, reference


def test_inputs_are_drawn_until_they_fit():
    rng = np.random.default_rng(0)
    found = draw_until(lambda: int(rng.integers(100)), lambda number: number % 10 == 7)
    assert found % 10 == 7


def test_inputs_that_never_fit_end_with_an_error():
    with pytest.raises(RuntimeError, match="none of 10000 drawn inputs fits"):
        draw_until(lambda: 0, lambda _: False)


@pytest.mark.parametrize(
    ("rows", "told"),
    [([[1.0, -1.0], [2.0, -0.2]], True), ([[1.0, -1.0], [2.0, 3.0]], False), ([[1.0, -0.05]], False)],
)
def test_every_row_needs_both_signs_and_none_by_a_hair(rows, told):
    assert both_signs(np.array(rows)) is told


def test_digits_of_float64_are_asked_for_and_those_of_float32_are_not_enough():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((50, 30)), rng.standard_normal((30, 20))
    for want in (reference(np.matmul, x, w), Expected(x @ w)):
        assert_close(np.einsum("nd,dm->nm", x, w), in_float64(want))
        for rough in ((x @ w).astype(np.float32), x.astype(np.float32) @ w, (x.astype(np.float32) @ w) * 1.0):
            assert_close(rough, want)
            with pytest.raises(NotClose):
                assert_close(rough, in_float64(want))


def test_limits_become_smaller_wherever_an_answer_stands():
    want = reference(lambda x: (x, {"both": (x, 2 * x), "none": None}), np.ones(3))
    one, inner = in_float64(want)
    assert inner["none"] is None
    assert {each.limit for each in (one, *inner["both"])} == {one.limit}
    assert 1e-11 < one.limit < 1e-10
