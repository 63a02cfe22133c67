"""Binary weights and the straight-through estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_unchanged,
    both_signs,
    draw_until,
    in_float64,
    judge_backward,
    reference,
    task,
)
from dlc_lib.arrays import Array
from dlc_lib.compression import binarize_backward, binarize_forward

MAIN = ((7, 3), (3, 5), (4, 4))
EDGE = ((1, 5), (5, 1), (1, 1))


def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Weights below −1, above 1 and between, none next to ±1; columns of both signs, of different sizes."""

    def draw() -> Array:
        w = rng.uniform(-0.9, 0.9, shape) * np.linspace(0.3, 1.0, shape[1])
        large = w.flat[::3].shape
        w.flat[::3] = rng.choice([-1.0, 1.0], size=large) * rng.uniform(1.1, 3.0, large)
        return w

    return draw_until(draw, lambda w: both_signs(w.T, 0.01))


def draw_small(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Weights that all learn; the first is negative, and one of its column positive where there are two."""
    w = rng.uniform(-0.9, 0.9, shape)
    w[-1, 0] = rng.uniform(0.2, 0.9)
    w[0, 0] = -rng.uniform(0.2, 0.9)
    return w


def draw_upstream(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Gradients of both signs, all larger than 1."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(1.2, 3.0, shape)


def check_output(student: Any, w: Array) -> None:
    out, _ = student.compression.binarize_forward(w)
    assert_close(out, reference(binarize_forward, w)[0], "out")


def check_gradient(student: Any, w: Array, dout: Array) -> None:
    judge_backward(
        lambda: student.compression.binarize_forward(w),
        reference(binarize_forward, w)[0],
        w,
        lambda cache: assert_close(
            student.compression.binarize_backward(dout, cache), reference(binarize_backward, dout, w), "dw"
        ),
    )


@task("binary", part="forward")
@pytest.mark.parametrize("shape", MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check_output(student, draw(rng, shape))


@task("binary", part="forward")
def test_each_unit_has_one_size(student: Any, rng: np.random.Generator) -> None:
    w = draw(rng, (7, 3))
    out, _ = student.compression.binarize_forward(w)
    assert out.shape == w.shape, f"out has shape {out.shape}; expected {w.shape}"
    want = np.broadcast_to(abs(w).mean(axis=0), w.shape)
    assert_close(abs(out), want, "the sizes of the binary weights, column by column,")


@task("binary", part="backward")
@pytest.mark.parametrize("shape", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    check_gradient(student, draw(rng, shape), draw_upstream(rng, shape))


@task("binary", part="backward")
def test_gradient_of_small_weights_passes(student: Any, rng: np.random.Generator) -> None:
    check_gradient(student, draw_small(rng, (5, 3)), draw_upstream(rng, (5, 3)))


@task("binary", part="edge")
@pytest.mark.parametrize("shape", EDGE, ids=str)
def test_output_and_gradient_of_unusual_shapes(
    student: Any, rng: np.random.Generator, shape: tuple[int, ...]
) -> None:
    w, dout = draw_small(rng, shape), draw_upstream(rng, shape)
    check_output(student, w)
    check_gradient(student, w, dout)


@task("binary", part="borders")
def test_zero_counts_as_positive(student: Any, rng: np.random.Generator) -> None:
    w = draw_until(lambda: draw(rng, (7, 3)), lambda w: both_signs(w[1::2].T, 0.01))
    w[::2] = 0.0
    check_output(student, w)
    check_gradient(student, w, draw_upstream(rng, (7, 3)))


@task("binary", part="borders")
def test_weights_of_size_one_still_learn(student: Any, rng: np.random.Generator) -> None:
    w = rng.choice([-1.0, 1.0], size=(5, 3))
    w[0], w[1, 0] = 2.0, -1.0
    check_gradient(student, w, draw_upstream(rng, (5, 3)))


@task("binary", part="edge")
def test_unit_whose_weights_are_all_zero(student: Any, rng: np.random.Generator) -> None:
    w = draw(rng, (5, 3))
    w[:, 1] = 0.0
    check_output(student, w)
    check_gradient(student, w, draw_upstream(rng, (5, 3)))


@task("binary", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    w, dout = draw(rng, (7, 3)), draw_upstream(rng, (7, 3))
    want, want_dw = reference(binarize_forward, w)[0], reference(binarize_backward, dout, w)
    out, cache = student.compression.binarize_forward(w)
    assert_close(out, in_float64(want), "out")
    assert_close(student.compression.binarize_backward(dout, cache), in_float64(want_dw), "dw")


@task("binary", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    w = draw(rng, (7, 3))
    (out, _), after = student.compression.binarize_forward.watch(w)
    assert_close(out, reference(binarize_forward, w)[0], "out")
    assert_unchanged(after, [w], ("w",))


@task("binary", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    w, dout = draw(rng, (7, 3)), draw_upstream(rng, (7, 3))
    want = reference(binarize_backward, dout, w)
    _, cache = student.compression.binarize_forward(w)
    _, after = student.compression.binarize_backward.watch(dout, cache)
    again = student.compression.binarize_backward(dout, after[1])
    assert_close(again, want, "dw of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
