"""Max pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_refused,
    assert_unchanged,
    in_float64,
    judge_backward,
    reference,
    task,
)
from dlc_lib import pool

from .cases import PoolCase

MAIN = (
    PoolCase("6x4-by-2x2", (2, 3, 6, 4), (2, 2), 2),
    PoolCase("6x9-by-3x3", (3, 2, 6, 9), (3, 3), 3),
)
EDGE = (
    PoolCase("one-of-each", (1, 1, 2, 5), (1, 3), 1),
    PoolCase("7x5-by-3x2-overlapping", (2, 3, 7, 5), (3, 2), 1),
    PoolCase("5x8-by-2x3-stride2-with-a-rest", (3, 2, 5, 8), (2, 3), 2),
    PoolCase("stride3-leaves-gaps", (2, 2, 8, 6), (2, 1), 3),
    PoolCase("window-fills-image", (2, 3, 3, 5), (3, 5), 2),
)
TOO_LARGE = (
    PoolCase("one-row-too-high", (2, 3, 4, 7), (5, 2), 1),
    PoolCase("one-column-too-wide", (2, 3, 7, 2), (2, 3), 2),
)


def check_output(student: Any, x: np.ndarray[Any, Any], case: PoolCase) -> None:
    want, _ = reference(pool.max_pool_forward, x, **case.options)
    out, _ = student.pool.max_pool_forward(x, **case.options)
    assert_close(out, want, "out")


def check_gradient(student: Any, rng: np.random.Generator, x: np.ndarray[Any, Any], case: PoolCase) -> None:
    dout = rng.standard_normal(case.outputs)
    cache = (x, *case.window, case.stride)
    out, _ = reference(pool.max_pool_forward, x, **case.options)
    want = reference(pool.max_pool_backward, dout, cache)
    judge_backward(
        lambda: student.pool.max_pool_forward(x, **case.options),
        out,
        cache,
        lambda cache: assert_close(student.pool.max_pool_backward(dout, cache), want, "dx"),
    )


@task("max_pool", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: PoolCase) -> None:
    check_output(student, case.draw_positive(rng), case)


@task("max_pool", part="backward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: PoolCase) -> None:
    check_gradient(student, rng, case.draw_positive(rng), case)


@task("max_pool", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_output_and_gradient_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: PoolCase
) -> None:
    x = case.draw(rng)
    check_output(student, x, case)
    check_gradient(student, rng, x, case)


@task("max_pool", part="edge")
def test_windows_without_a_positive_entry(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    x = -1 - rng.random(case.images)
    check_output(student, x, case)
    check_gradient(student, rng, x, case)


@task("max_pool", part="edge")
def test_one_of_the_tied_entries_takes_the_whole_gradient(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    x = rng.integers(2, size=case.images) * 1.0
    x[0, 0, :2, :2] = 1.0  # one window is flat, and one holds two of its largest entries, whatever is drawn
    x[0, 1, :2, :2] = np.eye(2)
    dout = 1 + rng.random(case.outputs)
    _, cache = student.pool.max_pool_forward(x, **case.options)
    dx = student.pool.max_pool_backward(dout, cache)
    assert dx.shape == x.shape, f"dx has shape {dx.shape}; expected {x.shape}"
    received, given = quarters(dx), quarters(x)
    assert_close(received.sum(axis=4), dout, "the gradient that a window passes on in all")
    winners = np.count_nonzero(received, axis=4)
    assert (winners == 1).all(), "a window with tied entries passes its gradient on to more than one"
    largest = np.take_along_axis(given, abs(received).argmax(axis=4)[..., None], axis=4)[..., 0]
    assert (largest == given.max(axis=4)).all(), "an entry that is not the largest receives a gradient"


def quarters(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Images cut into windows of 2×2: shape (N, C, H / 2, W / 2, 4)."""
    N, C, H, W = x.shape
    return x.reshape(N, C, H // 2, 2, W // 2, 2).swapaxes(3, 4).reshape(N, C, H // 2, W // 2, 4)


@task("max_pool", part="edge")
@pytest.mark.parametrize("case", TOO_LARGE, ids=str)
def test_window_that_does_not_fit_is_refused(student: Any, rng: np.random.Generator, case: PoolCase) -> None:
    x, fits = rng.standard_normal(case.images), MAIN[0].draw(rng)
    assert_refused(
        lambda: student.pool.max_pool_forward(x, **case.options),
        "the window is larger than the image",
        lambda: student.pool.max_pool_forward(fits, **MAIN[0].options),
    )


@task("max_pool", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    x, dout = case.draw_positive(rng), rng.standard_normal(case.outputs)
    want, _ = reference(pool.max_pool_forward, x, **case.options)
    want_dx = reference(pool.max_pool_backward, dout, (x, *case.window, case.stride))
    out, cache = student.pool.max_pool_forward(x, **case.options)
    assert_close(out, in_float64(want), "out")
    assert_close(student.pool.max_pool_backward(dout, cache), in_float64(want_dx), "dx")


@task("max_pool", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[1]
    x = case.draw_positive(rng)
    want, _ = reference(pool.max_pool_forward, x, **case.options)
    (out, _), after = student.pool.max_pool_forward.watch(x, **case.options)
    assert_close(out, want, "out")
    assert_unchanged(after, [x], ("x",))


@task("max_pool", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[1]
    x, dout = case.draw_positive(rng), rng.standard_normal(case.outputs)
    want = reference(pool.max_pool_backward, dout, (x, *case.window, case.stride))
    _, cache = student.pool.max_pool_forward(x, **case.options)
    _, after = student.pool.max_pool_backward.watch(dout, cache)
    again = student.pool.max_pool_backward(dout, after[1])
    assert_close(again, want, "dx of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
