"""Convolution and its gradients in Triton."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.author import assert_refused, task
from autograder.replay import Replay
from autograder.speed import Compiler, Contest, Race, assert_launchable

from . import speed
from .cases import (
    CONV_TOO_LARGE,
    TRITON_CONV_EDGE,
    TRITON_CONV_MAIN,
    TRITON_LONG_SUM,
    ConvCase,
)
from .judging import (
    assert_right,
    assert_same_again,
    assert_untouched,
    ran,
)
from .operations import WITH_KERNELS

PLAIN = TRITON_CONV_MAIN[0]
COMPILED = ConvCase("", (2, 64, 14, 14), (64, 3, 3), 1, 1, torch.float16)
FORWARD, DATA, WEIGHT = (f"triton_conv2d_{name}" for name in ("forward", "backward_data", "backward_weight"))


@task("triton_conv", part="forward")
@pytest.mark.parametrize("case", TRITON_CONV_MAIN, ids=str)
def test_output(student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase) -> None:
    x, w, _ = case.draw(rng)
    found = ran(replay, student.triton_conv_forward, FORWARD, WITH_KERNELS, x, w, **case.window)
    assert_right(found, case.forward(x, w), case.dtype, "out")


@task("triton_conv", part="backward")
@pytest.mark.parametrize("case", TRITON_CONV_MAIN, ids=str)
def test_gradient_of_the_images(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    _, w, dout = case.draw(rng)
    found = ran(replay, student.triton_conv_data, DATA, WITH_KERNELS, dout, w, **case.size)
    assert_right(found, case.data(dout, w), case.dtype, "dx")


@task("triton_conv", part="backward")
@pytest.mark.parametrize("case", [*TRITON_CONV_MAIN, TRITON_LONG_SUM], ids=str)
def test_gradient_of_the_filters(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    x, _, dout = case.draw(rng)
    found = ran(replay, student.triton_conv_weight, WEIGHT, WITH_KERNELS, dout, x, **case.kernel)
    assert_right(found, case.weight(dout, x), case.dtype, "dw")


@task("triton_conv", part="edge")
@pytest.mark.parametrize("case", TRITON_CONV_EDGE, ids=str)
def test_output_and_gradients_of_unusual_shapes(
    student: Any, replay: Replay, rng: np.random.Generator, case: ConvCase
) -> None:
    test_output(student, replay, rng, case)
    test_gradient_of_the_images(student, replay, rng, case)
    test_gradient_of_the_filters(student, replay, rng, case)


@task("triton_conv", part="edge")
@pytest.mark.parametrize("case", CONV_TOO_LARGE, ids=str)
def test_a_filter_that_does_not_fit_is_refused(
    student: Any, rng: np.random.Generator, case: ConvCase
) -> None:
    x, w = case.draw_unfit(rng)
    function = student.triton_conv_forward.triton_conv2d_forward
    assert_refused(lambda: function(x, w, **case.window), "the filter does not fit")


@task("triton_conv", part="edge")
def test_tensors_that_do_not_fit_together_are_refused(student: Any, rng: np.random.Generator) -> None:
    x, w, dout = PLAIN.draw(rng)
    forward = student.triton_conv_forward.triton_conv2d_forward
    data = student.triton_conv_data.triton_conv2d_backward_data
    weight = student.triton_conv_weight.triton_conv2d_backward_weight
    assert_refused(lambda: forward(x, w[:, 1:], **PLAIN.window), "x and w have other channels")
    assert_refused(lambda: data(dout[:, 1:], w, **PLAIN.size), "dout has not as many channels as filters")
    assert_refused(lambda: weight(dout[1:], x, **PLAIN.kernel), "x and dout have other images")


@task("triton_conv", part="purity")
def test_no_input_is_changed_and_nothing_is_left_to_chance(
    student: Any, replay: Replay, rng: np.random.Generator
) -> None:
    x, w, dout = PLAIN.draw(rng)
    forward, data, weight = student.triton_conv_forward, student.triton_conv_data, student.triton_conv_weight
    out = assert_untouched(replay, forward, FORWARD, WITH_KERNELS, {"x": x, "w": w}, **PLAIN.window)
    dx = assert_untouched(replay, data, DATA, WITH_KERNELS, {"dout": dout, "w": w}, **PLAIN.size)
    dw = assert_untouched(replay, weight, WEIGHT, WITH_KERNELS, {"dout": dout, "x": x}, **PLAIN.kernel)
    assert_right(out, PLAIN.forward(x, w), PLAIN.dtype, "out")
    assert_right(dx, PLAIN.data(dout, w), PLAIN.dtype, "dx")
    assert_right(dw, PLAIN.weight(dout, x), PLAIN.dtype, "dw")
    assert_same_again(replay, weight, WEIGHT, WITH_KERNELS, dout, x, **PLAIN.kernel)


@task("triton_conv", part="compiles")
@pytest.mark.parametrize("pass_", ["forward", "data", "weight"])
@pytest.mark.parametrize("capability", [80, 90])
def test_compiles_for_a_gpu(
    compiler: Compiler, replay: Replay, rng: np.random.Generator, capability: int, pass_: str
) -> None:
    x, w, dout = COMPILED.draw(rng)
    name, args, options, want = {
        "forward": (FORWARD, (x, w), COMPILED.window, COMPILED.forward(x, w)),
        "data": (DATA, (dout, w), COMPILED.size, COMPILED.data(dout, w)),
        "weight": (WEIGHT, (dout, x), COMPILED.kernel, COMPILED.weight(dout, x)),
    }[pass_]
    module = f"triton_conv_{pass_}"
    program, variants = compiler(module, name, WITH_KERNELS, *args, capability=capability, **options)
    assert_launchable(variants, name, capability)
    # Kernels that only compile are easily had: these have to be the ones that convolve.
    found, _ = replay.run(program, args)
    assert_right(found, want, COMPILED.dtype, "the result")


@task("triton_conv", part="speed")
@pytest.mark.parametrize("contest", speed.TRITON_CONV, ids=lambda each: each.function)
def test_speed(race: Race, rng: np.random.Generator, contest: Contest) -> None:
    race.gpu(contest, rng)
