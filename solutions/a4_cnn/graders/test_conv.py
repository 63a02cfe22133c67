"""Convolution by loops."""

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
from dlc_lib import conv

from .cases import CONV_EDGE, CONV_MAIN, CONV_TOO_LARGE, ConvCase

GRADIENTS = ("dx", "dw", "db")


@task("conv", part="forward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    x, w, b = case.draw(rng)
    want, _ = reference(conv.conv_forward, x, w, b, **case.options)
    out, _ = student.conv.conv_forward(x, w, b, **case.options)
    assert_close(out, want, "out")


def check_gradients(
    student: Any, rng: np.random.Generator, case: ConvCase, names: tuple[str, ...] = GRADIENTS
) -> None:
    x, w, b = case.draw(rng)
    dout = case.draw_upstream(rng)
    cache = (x, w, case.stride, case.pad)
    out, _ = reference(conv.conv_forward, x, w, b, **case.options)
    want = reference(conv.conv_backward, dout, cache)

    def judge(cache: Any) -> None:
        gradients = student.conv.conv_backward(dout, cache)
        for name in names:
            assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)

    judge_backward(lambda: student.conv.conv_forward(x, w, b, **case.options), out, cache, judge)


@task("conv", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: ConvCase, name: str) -> None:
    check_gradients(student, rng, case, (name,))


@task("conv", part="edge")
@pytest.mark.parametrize("case", CONV_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, rng: np.random.Generator, case: ConvCase
) -> None:
    test_output(student, rng, case)
    check_gradients(student, rng, case)


@task("conv", part="edge")
@pytest.mark.parametrize("case", CONV_TOO_LARGE, ids=str)
def test_filter_that_does_not_fit_is_refused(student: Any, rng: np.random.Generator, case: ConvCase) -> None:
    (x, w, b), fits = case.draw(rng), CONV_MAIN[0].draw(rng)
    assert_refused(
        lambda: student.conv.conv_forward(x, w, b, **case.options),
        "the filter is larger than the padded image",
        lambda: student.conv.conv_forward(*fits, **CONV_MAIN[0].options),
    )


@task("conv", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = CONV_MAIN[0]
    x, w, b = case.draw(rng)
    dout = case.draw_upstream(rng)
    want, _ = reference(conv.conv_forward, x, w, b, **case.options)
    want_gradients = reference(conv.conv_backward, dout, (x, w, case.stride, case.pad))
    out, cache = student.conv.conv_forward(x, w, b, **case.options)
    assert_close(out, in_float64(want), "out")
    for name, got, right in zip(
        GRADIENTS, student.conv.conv_backward(dout, cache), in_float64(want_gradients), strict=True
    ):
        assert_close(got, right, name)


@task("conv", part="purity")
def test_forward_changes_no_input(student: Any, rng: np.random.Generator) -> None:
    case = CONV_MAIN[0]
    inputs = case.draw(rng)
    want, _ = reference(conv.conv_forward, *inputs, **case.options)
    (out, _), after = student.conv.conv_forward.watch(*inputs, **case.options)
    assert_close(out, want, "out")
    assert_unchanged(after, inputs, ("x", "w", "b"))


@task("conv", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    case = CONV_MAIN[0]
    x, w, b = case.draw(rng)
    dout = case.draw_upstream(rng)
    want = reference(conv.conv_backward, dout, (x, w, case.stride, case.pad))
    _, cache = student.conv.conv_forward(x, w, b, **case.options)
    _, after = student.conv.conv_backward.watch(dout, cache)
    again = student.conv.conv_backward(dout, after[1])
    for name, got, right in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, right, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
