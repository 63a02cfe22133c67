"""Batch normalization of vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.author import (
    assert_close,
    assert_unchanged,
    in_float64,
    judge_backward,
    reference,
    task,
)
from dlc_lib import norm

from .norms import (
    GRADIENTS,
    NormCase,
    assert_inputs_unchanged,
    assert_state,
)

# In the first case eps shows by far, in the second it cannot: where it stands is asked once a part.
MAIN = (NormCase("7x3", (7, 3), eps=0.1), NormCase("5x11", (5, 11), momentum=0.9, eps=1e-12))
TINY = NormCase("tiny-variance", (7, 5), eps=1e-5, spread=1e-3, centre=0.0)


@task("batchnorm", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_training_output(student: Any, rng: np.random.Generator, case: NormCase) -> None:
    inputs = case.draw(rng)
    want, *_ = reference(norm.batchnorm_forward, *inputs, train=True, **case.options)
    out, *_ = student.norm.batchnorm_forward(*inputs, train=True, **case.options)
    assert_close(out, want, "out")


@task("batchnorm", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_running_averages_move_in_training(student: Any, rng: np.random.Generator, case: NormCase) -> None:
    inputs = case.draw(rng)
    *_, want = reference(norm.batchnorm_forward, *inputs, train=True, **case.options)
    *_, next_state = student.norm.batchnorm_forward(*inputs, train=True, **case.options)
    assert_state(next_state, want)


@task("batchnorm", part="forward")
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_testing_output(student: Any, rng: np.random.Generator, case: NormCase) -> None:
    inputs = case.draw(rng)
    want, *_ = reference(norm.batchnorm_forward, *inputs, train=False, **case.options)
    out, *_ = student.norm.batchnorm_forward(*inputs, train=False, **case.options)
    assert_close(out, want, "out")


def check_gradients(
    student: Any, rng: np.random.Generator, case: NormCase, names: tuple[str, ...] = GRADIENTS
) -> None:
    inputs = case.draw(rng)
    dout = rng.standard_normal(case.shape)
    out, *_ = reference(norm.batchnorm_forward, *inputs, train=True, **case.options)
    _, cache, _ = norm.batchnorm_forward(*inputs, train=True, **case.options)
    want = reference(norm.batchnorm_backward, dout, cache)

    def judge(cache: Any) -> None:
        gradients = student.norm.batchnorm_backward(dout, cache)
        for name in names:
            assert_close(gradients[GRADIENTS.index(name)], want[GRADIENTS.index(name)], name)

    judge_backward(
        lambda: student.norm.batchnorm_forward(*inputs, train=True, **case.options), out, cache, judge
    )


@task("batchnorm", part="backward")
@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("case", MAIN, ids=str)
def test_gradient(student: Any, rng: np.random.Generator, case: NormCase, name: str) -> None:
    check_gradients(student, rng, case, (name,))


@task("batchnorm", part="edge")
def test_variance_smaller_than_eps(student: Any, rng: np.random.Generator) -> None:
    test_training_output(student, rng, TINY)
    test_testing_output(student, rng, TINY)
    check_gradients(student, rng, TINY)


@task("batchnorm", part="edge")
def test_batch_of_one_in_testing(student: Any, rng: np.random.Generator) -> None:
    test_testing_output(student, rng, NormCase("one", (1, 5)))


@task("batchnorm", part="edge")
def test_feature_that_never_varies_becomes_beta(student: Any, rng: np.random.Generator) -> None:
    case = NormCase("constant", (5, 3))
    x, gamma, beta, state = case.draw(rng)
    x[:, 1] = 2.0
    out, *_ = student.norm.batchnorm_forward(x, gamma, beta, state, train=True, **case.options)
    want = reference(norm.batchnorm_forward, x, gamma, beta, state, train=True, **case.options)[0]
    assert_close(out, want, "out")


@task("batchnorm", part="edge")
def test_testing_leaves_the_running_averages(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    inputs = case.draw(rng)
    want, *_ = reference(norm.batchnorm_forward, *inputs, train=False, **case.options)
    out, _, next_state = student.norm.batchnorm_forward(*inputs, train=False, **case.options)
    assert_close(out, want, "out")
    assert_state(next_state, inputs[3])


@task("batchnorm", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    inputs, dout = case.draw(rng), rng.standard_normal(case.shape)
    want, _, _ = reference(norm.batchnorm_forward, *inputs, train=True, **case.options)
    _, right, _ = norm.batchnorm_forward(*inputs, train=True, **case.options)
    want_gradients = in_float64(reference(norm.batchnorm_backward, dout, right))
    out, cache, _ = student.norm.batchnorm_forward(*inputs, train=True, **case.options)
    assert_close(out, in_float64(want), "out")
    gradients = student.norm.batchnorm_backward(dout, cache)
    for name, got, each in zip(GRADIENTS, gradients, want_gradients, strict=True):
        assert_close(got, each, name)


@task("batchnorm", part="purity")
@pytest.mark.parametrize("train", [True, False], ids=["training", "testing"])
def test_forward_changes_no_input(student: Any, rng: np.random.Generator, train: bool) -> None:
    case = MAIN[0]
    inputs = case.draw(rng)
    want, *_ = reference(norm.batchnorm_forward, *inputs, train=train, **case.options)
    (out, *_), after = student.norm.batchnorm_forward.watch(*inputs, train=train, **case.options)
    assert_close(out, want, "out")
    assert_inputs_unchanged(after, inputs)


@task("batchnorm", part="purity")
def test_backward_changes_neither_dout_nor_cache(student: Any, rng: np.random.Generator) -> None:
    case = MAIN[0]
    inputs = case.draw(rng)
    dout = rng.standard_normal(case.shape)
    _, right, _ = norm.batchnorm_forward(*inputs, train=True, **case.options)
    want = reference(norm.batchnorm_backward, dout, right)
    _, cache, _ = student.norm.batchnorm_forward(*inputs, train=True, **case.options)
    _, after = student.norm.batchnorm_backward.watch(dout, cache)
    again = student.norm.batchnorm_backward(dout, after[1])
    for name, got, each in zip(GRADIENTS, again, want, strict=True):
        assert_close(got, each, f"{name} of a second call with the same cache")
    assert_unchanged(after[:1], [dout], ("dout",))
