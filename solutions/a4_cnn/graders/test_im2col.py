"""Convolution as a matrix product."""

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
from autograder.speed import Contest, Race
from dlc_lib import im2col

from .cases import CONV_EDGE, CONV_MAIN, CONV_TOO_LARGE, ConvCase
from .speed import CURVE, RULE, ForwardCase

GRADIENTS = ("dx", "dw", "db")
PLAIN = CONV_MAIN[0]


@task("im2col", part="forward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_windows_become_rows(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    x, _, _ = case.draw(rng)
    want = reference(im2col.im2col, x, **case.window)
    assert_close(student.im2col.im2col(x, **case.window), want, "cols")


@task("im2col", part="forward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    x, w, b = case.draw(rng)
    want, _ = reference(im2col.conv_im2col_forward, x, w, b, **case.options)
    out, _ = student.im2col.conv_im2col_forward(x, w, b, **case.options)
    assert_close(out, want, "out")


@task("im2col", part="backward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_rows_are_added_back_to_pixels(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    x, _, _ = case.draw(rng)
    cols = rng.standard_normal(im2col.im2col(x, **case.window).shape)
    want = reference(im2col.col2im, cols, case.images, **case.window)
    assert_close(student.im2col.col2im(cols, case.images, **case.window), want, "x")


def check_gradients(
    student: Any, rng: np.random.Generator, case: ConvCase, names: tuple[str, ...] = GRADIENTS
) -> None:
    x, w, b = case.draw(rng)
    dout = case.draw_upstream(rng)
    cache = (x, w, case.stride, case.pad)
    out, _ = reference(im2col.conv_im2col_forward, x, w, b, **case.options)
    want = reference(im2col.conv_im2col_backward, dout, cache)

    def judge(cache: Any) -> None:
        gradients = student.im2col.conv_im2col_backward(dout, cache)
        for name in names:
            assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)

    judge_backward(lambda: student.im2col.conv_im2col_forward(x, w, b, **case.options), out, cache, judge)


@task("im2col", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: ConvCase, name: str) -> None:
    check_gradients(student, rng, case, (name,))


@task("im2col", part="edge")
@pytest.mark.parametrize("case", CONV_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: ConvCase
) -> None:
    test_windows_become_rows(student, rng, case)
    test_rows_are_added_back_to_pixels(student, rng, case)
    test_output(student, rng, case)
    check_gradients(student, rng, case)


@task("im2col", part="edge")
@pytest.mark.parametrize("case", CONV_TOO_LARGE, ids=str)
def test_window_that_does_not_fit_is_refused(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    (x, w, b), fits = case.draw(rng), PLAIN.draw(rng)
    why = "the window is larger than the padded image"
    assert_refused(
        lambda: student.im2col.im2col(x, **case.window),
        why,
        lambda: student.im2col.im2col(fits[0], **PLAIN.window),
    )
    assert_refused(
        lambda: student.im2col.conv_im2col_forward(x, w, b, **case.options),
        why,
        lambda: student.im2col.conv_im2col_forward(*fits, **PLAIN.options),
    )


@task("im2col", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    x, w, b = PLAIN.draw(rng)
    dout = PLAIN.draw_upstream(rng)
    want, _ = reference(im2col.conv_im2col_forward, x, w, b, **PLAIN.options)
    want_gradients = reference(im2col.conv_im2col_backward, dout, (x, w, PLAIN.stride, PLAIN.pad))
    out, cache = student.im2col.conv_im2col_forward(x, w, b, **PLAIN.options)
    assert_close(out, in_float64(want), "out")
    for name, got, right in zip(
        GRADIENTS, student.im2col.conv_im2col_backward(dout, cache), in_float64(want_gradients), strict=True
    ):
        assert_close(got, right, name)


@task("im2col", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    inputs = PLAIN.draw(rng)
    want_cols = reference(im2col.im2col, inputs[0], **PLAIN.window)
    cols, after = student.im2col.im2col.watch(inputs[0], **PLAIN.window)
    assert_close(cols, want_cols, "cols")
    assert_unchanged(after, inputs[:1], ("x of im2col",))
    want, _ = reference(im2col.conv_im2col_forward, *inputs, **PLAIN.options)
    (out, _), after = student.im2col.conv_im2col_forward.watch(*inputs, **PLAIN.options)
    assert_close(out, want, "out")
    assert_unchanged(after, inputs, ("x", "w", "b"))


@task("im2col", part="purity")
def test_col2im_does_not_change_the_rows(student: Any, rng: np.random.Generator) -> None:
    x, _, _ = PLAIN.draw(rng)
    cols = rng.standard_normal(im2col.im2col(x, **PLAIN.window).shape)
    want = reference(im2col.col2im, cols, PLAIN.images, **PLAIN.window)
    got, after = student.im2col.col2im.watch(cols, PLAIN.images, **PLAIN.window)
    assert_close(got, want, "x")
    assert_unchanged(after[:1], [cols], ("cols",))


@task("im2col", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    x, w, b = PLAIN.draw(rng)
    dout = PLAIN.draw_upstream(rng)
    want = reference(im2col.conv_im2col_backward, dout, (x, w, PLAIN.stride, PLAIN.pad))
    _, cache = student.im2col.conv_im2col_forward(x, w, b, **PLAIN.options)
    _, after = student.im2col.conv_im2col_backward.watch(dout, cache)
    again = student.im2col.conv_im2col_backward(dout, after[1])
    for name, got, right in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, right, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))


@task("im2col", part="speed")
def test_no_loop_over_pixels(race: Race, rng: np.random.Generator) -> None:
    sizes = (ForwardCase(images=6), ForwardCase(images=18))
    race.cpu(Contest("im2col", "conv_im2col_forward", sizes, curve=CURVE, rule=RULE), rng)
