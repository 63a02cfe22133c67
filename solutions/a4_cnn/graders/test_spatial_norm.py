"""Batch normalization of images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import assert_close, assert_unchanged, in_float64, reference, task
from dlc_lib import norm

from .norms import (
    GRADIENTS,
    NormCase,
    assert_inputs_unchanged,
    assert_state,
)

PLAIN = NormCase("2x3x5x4", (2, 3, 5, 4), eps=0.1)
MAIN = (PLAIN, NormCase("5x2x3x7", (5, 2, 3, 7), momentum=0.9, eps=1e-12))
EDGE = (
    NormCase("single-image", (1, 2, 3, 5)),
    NormCase("single-channel", (3, 1, 2, 5)),
    NormCase("1x1-images", (5, 3, 1, 1)),
    NormCase("tiny-variance", (2, 3, 3, 5), eps=1e-5, spread=1e-3, centre=0.0),
)
MODES = pytest.mark.parametrize("train", [True, False], ids=["training", "testing"])


def check_output(student: Any, rng: np.random.Generator, case: NormCase, *, train: bool) -> None:
    inputs = case.draw(rng)
    want, *_ = reference(norm.spatial_batchnorm_forward, *inputs, train=train, **case.options)
    out, *_ = student.norm.spatial_batchnorm_forward(*inputs, train=train, **case.options)
    assert_close(out, want, "out")


@task("spatial_batchnorm", part="forward")
@MODES
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_output(student: Any, rng: np.random.Generator, case: NormCase, train: bool) -> None:
    check_output(student, rng, case, train=train)


@task("spatial_batchnorm", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_running_averages_move_in_training(student: Any, rng: np.random.Generator, case: NormCase) -> None:
    inputs = case.draw(rng)
    *_, want = reference(norm.spatial_batchnorm_forward, *inputs, train=True, **case.options)
    *_, next_state = student.norm.spatial_batchnorm_forward(*inputs, train=True, **case.options)
    assert_state(next_state, want)


def check_gradients(
    student: Any, rng: np.random.Generator, case: NormCase, names: tuple[str, ...] = GRADIENTS
) -> None:
    inputs = case.draw(rng)
    dout = rng.standard_normal(case.shape)
    _, right, _ = norm.spatial_batchnorm_forward(*inputs, train=True, **case.options)
    want = reference(norm.spatial_batchnorm_backward, dout, right)
    _, cache, _ = student.norm.spatial_batchnorm_forward(*inputs, train=True, **case.options)
    gradients = student.norm.spatial_batchnorm_backward(dout, cache)
    for name in names:
        assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)


@task("spatial_batchnorm", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: NormCase, name: str) -> None:
    check_gradients(student, rng, case, (name,))


@task("spatial_batchnorm", part="edge")
@pytest.mark.parametrize("case", EDGE, ids=str)
def test_output_and_gradients_of_unusual_images(
    student: Any, rng: np.random.Generator, case: NormCase
) -> None:
    check_output(student, rng, case, train=True)
    check_output(student, rng, case, train=False)
    check_gradients(student, rng, case)


@task("spatial_batchnorm", part="edge")
def test_testing_leaves_the_running_averages(student: Any, rng: np.random.Generator) -> None:
    inputs = PLAIN.draw(rng)
    want, *_ = reference(norm.spatial_batchnorm_forward, *inputs, train=False, **PLAIN.options)
    out, _, next_state = student.norm.spatial_batchnorm_forward(*inputs, train=False, **PLAIN.options)
    assert_close(out, want, "out")
    assert_state(next_state, inputs[3])


@task("spatial_batchnorm", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    inputs, dout = PLAIN.draw(rng), rng.standard_normal(PLAIN.shape)
    want, _, _ = reference(norm.spatial_batchnorm_forward, *inputs, train=True, **PLAIN.options)
    _, right, _ = norm.spatial_batchnorm_forward(*inputs, train=True, **PLAIN.options)
    want_gradients = in_float64(reference(norm.spatial_batchnorm_backward, dout, right))
    out, cache, _ = student.norm.spatial_batchnorm_forward(*inputs, train=True, **PLAIN.options)
    assert_close(out, in_float64(want), "out")
    gradients = student.norm.spatial_batchnorm_backward(dout, cache)
    for name, got, each in zip(GRADIENTS, gradients, want_gradients, strict=True):
        assert_close(got, each, name)


@task("spatial_batchnorm", part="purity")
@MODES
def test_forward_changes_no_input(student: Any, rng: np.random.Generator, train: bool) -> None:
    inputs = PLAIN.draw(rng)
    want, *_ = reference(norm.spatial_batchnorm_forward, *inputs, train=train, **PLAIN.options)
    (out, *_), after = student.norm.spatial_batchnorm_forward.watch(*inputs, train=train, **PLAIN.options)
    assert_close(out, want, "out")
    assert_inputs_unchanged(after, inputs)


@task("spatial_batchnorm", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    inputs = PLAIN.draw(rng)
    dout = rng.standard_normal(PLAIN.shape)
    _, right, _ = norm.spatial_batchnorm_forward(*inputs, train=True, **PLAIN.options)
    want = reference(norm.spatial_batchnorm_backward, dout, right)
    _, cache, _ = student.norm.spatial_batchnorm_forward(*inputs, train=True, **PLAIN.options)
    _, after = student.norm.spatial_batchnorm_backward.watch(dout, cache)
    again = student.norm.spatial_batchnorm_backward(dout, after[1])
    for name, got, each in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, each, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
