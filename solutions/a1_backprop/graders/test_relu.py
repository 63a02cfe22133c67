"""The rectified linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, judge_backward, reference, task
from dlc_lib import layers

from .cases import IN_FLOAT64, draw_pair

SHAPES = ((5, 7), (3, 2, 5))
NEAR_ZERO = np.array([[0.0, -0.0, 1e-30], [-1e-30, 2.0, 0.0]])


def check_gradient(student: Any, x: np.ndarray[Any, Any], dout: np.ndarray[Any, Any]) -> None:
    out, _ = reference(layers.relu_forward, x)
    want = reference(layers.relu_backward, dout, x)

    def judge(cache: Any) -> None:
        assert_close(student.layers.relu_backward(dout, cache), want, "dx")

    judge_backward(lambda: student.layers.relu_forward(x), out, x, judge)


@task("relu", part="forward")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_output(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    x, _ = draw_pair(rng, *shape)
    out, _ = student.layers.relu_forward(x)
    assert_close(out, reference(layers.relu_forward, x)[0], "out")


@task("relu", part="backward")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check_gradient(student, *draw_pair(rng, *shape))


@task("relu", part="edge")
def test_derivative_at_zero_is_zero(student: Any, rng: np.random.Generator) -> None:
    check_gradient(student, NEAR_ZERO, rng.uniform(1, 2, NEAR_ZERO.shape))


@task("relu", part="edge")
def test_units_that_are_all_off_pass_nothing_on(student: Any, rng: np.random.Generator) -> None:
    x, dout = -rng.uniform(1, 2, (3, 5)), draw_pair(rng, 3, 5)[1]
    out, cache = student.layers.relu_forward(x)
    assert_close(out, np.zeros((3, 5)), "out")
    assert_close(student.layers.relu_backward(dout, cache), np.zeros((3, 5)), "dx")


@task("relu", part="edge")
def test_vectors_and_single_numbers(student: Any, rng: np.random.Generator) -> None:
    check_gradient(student, *draw_pair(rng, 7))
    x, dout = rng.uniform(0.5, 2.0, (2, 1, 1))
    check_gradient(student, x, -dout)
    check_gradient(student, -x, dout)


@task("relu", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, dout = draw_pair(rng, 3, 5)
    out, cache = student.layers.relu_forward(x)
    assert_close(out, np.maximum(x, 0), "out in float64", limit=IN_FLOAT64)
    dx = student.layers.relu_backward(dout, cache)
    assert_close(dx, np.where(x > 0, dout, 0), "dx in float64", limit=IN_FLOAT64)


@task("relu", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    x, _ = draw_pair(rng, 5, 3)
    (out, _), after = student.layers.relu_forward.watch(x)
    assert_close(out, reference(layers.relu_forward, x)[0], "out")
    assert_unchanged(after, [x], ("x",))


@task("relu", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    x, dout = draw_pair(rng, 5, 3)
    _, cache = student.layers.relu_forward(x)
    _, after = student.layers.relu_backward.watch(dout, cache)
    again = student.layers.relu_backward(dout, after[1])
    assert_close(again, reference(layers.relu_backward, dout, x), "dx of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
