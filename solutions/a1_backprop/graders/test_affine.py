"""The affine layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, judge_backward, reference, task
from dlc_lib import layers

from .cases import AFFINE_EDGE, AFFINE_MAIN, IN_FLOAT64, AffineCase

GRADIENTS = ("dx", "dw", "db")


@task("affine", part="forward")
@pytest.mark.parametrize("case", AFFINE_MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: AffineCase) -> None:
    inputs = case.draw(rng)
    want, _ = reference(layers.affine_forward, *inputs)
    out, _ = student.layers.affine_forward(*inputs)
    assert_close(out, want, "out")


def check_gradients(
    student: Any, rng: np.random.Generator, case: AffineCase, names: tuple[str, ...] = GRADIENTS
) -> None:
    x, w, b = case.draw(rng)
    dout = case.draw_upstream(rng)
    out, _ = reference(layers.affine_forward, x, w, b)
    want = reference(layers.affine_backward, dout, (x, w))

    def judge(cache: Any) -> None:
        gradients = student.layers.affine_backward(dout, cache)
        for name in names:
            assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)

    judge_backward(lambda: student.layers.affine_forward(x, w, b), out, (x, w), judge)


@task("affine", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", AFFINE_MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: AffineCase, name: str) -> None:
    check_gradients(student, rng, case, (name,))


@task("affine", part="edge")
@pytest.mark.parametrize("case", AFFINE_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: AffineCase
) -> None:
    test_output(student, rng, case)
    check_gradients(student, rng, case)


@task("affine", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, w, b = AFFINE_MAIN[0].draw(rng)
    dout = AFFINE_MAIN[0].draw_upstream(rng)
    out, cache = student.layers.affine_forward(x, w, b)
    assert_close(out, reference(layers.affine_forward, x, w, b)[0], "out in float64", limit=IN_FLOAT64)
    want = reference(layers.affine_backward, dout, (x, w))
    for name, got, right in zip(GRADIENTS, student.layers.affine_backward(dout, cache), want, strict=True):
        assert_close(got, right, f"{name} in float64", limit=IN_FLOAT64)


@task("affine", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs = AFFINE_MAIN[0].draw(rng)
    want, _ = reference(layers.affine_forward, *inputs)
    (out, _), after = student.layers.affine_forward.watch(*inputs)
    assert_close(out, want, "out")
    assert_unchanged(after, inputs, ("x", "w", "b"))


@task("affine", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    x, w, b = AFFINE_MAIN[0].draw(rng)
    dout = AFFINE_MAIN[0].draw_upstream(rng)
    want = reference(layers.affine_backward, dout, (x, w))
    _, cache = student.layers.affine_forward(x, w, b)
    _, after = student.layers.affine_backward.watch(dout, cache)
    again = student.layers.affine_backward(dout, after[1])
    for name, got, right in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, right, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
