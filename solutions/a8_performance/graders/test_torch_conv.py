"""Convolution in torch without the library's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_refused, task
from autograder.replay import Replay
from autograder.speed import Contest, Race

from . import speed
from .cases import CONV_EDGE, CONV_MAIN, CONV_TOO_LARGE, ConvCase
from .judging import assert_right, assert_untouched, ran
from .operations import WITH_PRODUCTS

PLAIN = CONV_MAIN[0]


@task("conv2d", part="forward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_output(student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase) -> None:
    x, w, _ = case.draw(rng)
    found = ran(replay, student.torch_conv, "conv2d_forward", WITH_PRODUCTS, x, w, **case.window)
    assert_right(found, case.forward(x, w), case.dtype, "out")


@task("conv2d", part="backward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_gradient_of_the_images(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    _, w, dout = case.draw(rng)
    found = ran(replay, student.torch_conv, "conv2d_backward_data", WITH_PRODUCTS, dout, w, **case.size)
    assert_right(found, case.data(dout, w), case.dtype, "dx")


@task("conv2d", part="backward")
@pytest.mark.parametrize("case", CONV_MAIN, ids=str)
def test_gradient_of_the_filters(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    x, _, dout = case.draw(rng)
    found = ran(replay, student.torch_conv, "conv2d_backward_weight", WITH_PRODUCTS, dout, x, **case.kernel)
    assert_right(found, case.weight(dout, x), case.dtype, "dw")


@task("conv2d", part="edge")
@pytest.mark.parametrize("case", CONV_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    test_output(student, replay, rng, case)
    test_gradient_of_the_images(student, replay, rng, case)
    test_gradient_of_the_filters(student, replay, rng, case)


@task("conv2d", part="edge")
@pytest.mark.parametrize("case", CONV_TOO_LARGE, ids=str)
def test_a_filter_that_does_not_fit_is_refused(
    student: Any, rng: np.random.Generator, case: ConvCase
) -> None:
    x, w = case.draw_unfit(rng)
    assert_refused(lambda: student.torch_conv.conv2d_forward(x, w, **case.window), "the filter does not fit")


@task("conv2d", part="purity")
def test_no_input_is_changed(student: Any, replay: Replay, rng: np.random.Generator) -> None:
    x, w, dout = PLAIN.draw(rng)
    module, allowed = student.torch_conv, WITH_PRODUCTS
    out = assert_untouched(replay, module, "conv2d_forward", allowed, {"x": x, "w": w}, **PLAIN.window)
    dx = assert_untouched(
        replay, module, "conv2d_backward_data", allowed, {"dout": dout, "w": w}, **PLAIN.size
    )
    dw = assert_untouched(
        replay, module, "conv2d_backward_weight", allowed, {"dout": dout, "x": x}, **PLAIN.kernel
    )
    assert_right(out, PLAIN.forward(x, w), PLAIN.dtype, "out")
    assert_right(dx, PLAIN.data(dout, w), PLAIN.dtype, "dx")
    assert_right(dw, PLAIN.weight(dout, x), PLAIN.dtype, "dw")


@task("conv2d", part="speed")
@pytest.mark.parametrize("contest", speed.TORCH_CONV, ids=lambda each: each.function)
def test_speed(race: Race, rng: np.random.Generator, contest: Contest) -> None:
    race.cpu(contest, rng)
