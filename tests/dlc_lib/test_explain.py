"""Saliency against torch, integrated gradients against completeness."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlc_lib.explain import integrated_gradients, saliency_map, score_gradient


def drawn(rng, N=3, C=2, H=3, W=5, M=7, K=4):
    shapes = {"W1": (C * H * W, M), "b1": (M,), "W2": (M, K), "b2": (K,)}
    params = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    return rng.standard_normal((N, C, H, W)), rng.integers(K, size=N), params


@given(st.integers(0, 2**31), st.tuples(*[st.integers(1, 4)] * 4), st.integers(1, 5), st.integers(1, 4))
def test_gradient_of_the_score_is_that_of_torch(seed, shape, hidden, classes):
    N, C, H, W = shape
    x, y, params = drawn(np.random.default_rng(seed), N, C, H, W, hidden, classes)
    images = torch.tensor(x, requires_grad=True)
    weights = {name: torch.tensor(value) for name, value in params.items()}
    scores = torch.relu(images.flatten(1) @ weights["W1"] + weights["b1"]) @ weights["W2"] + weights["b2"]
    scores[torch.arange(N), torch.tensor(y)].sum().backward()
    want = images.grad.numpy()
    np.testing.assert_allclose(score_gradient(x, y, params), want, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(saliency_map(x, y, params), abs(want).max(axis=1), rtol=1e-10, atol=1e-12)


def test_saliency_keeps_float32():
    x, y, params = drawn(np.random.default_rng(0))
    small = {name: value.astype(np.float32) for name, value in params.items()}
    assert saliency_map(x.astype(np.float32), y, small).dtype == np.float32


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_attributions_of_a_quadratic_are_complete_for_any_number_of_steps(steps):
    rng = np.random.default_rng(1)
    A, b = rng.standard_normal((5, 5)), rng.standard_normal(5)
    x, x0 = rng.standard_normal((2, 5))

    def f(v):
        return v @ A @ v + b @ v

    found = integrated_gradients(lambda v: (A + A.T) @ v + b, x, x0, steps=steps)
    np.testing.assert_allclose(found.sum(), f(x) - f(x0), rtol=1e-12)


def test_attributions_become_complete_with_the_square_of_the_steps():
    x, x0 = np.array([0.3, -1.1, 0.7]), np.array([-0.4, 0.2, 1.5])
    gaps = [
        abs(integrated_gradients(np.cos, x, x0, steps=steps).sum() - (np.sin(x) - np.sin(x0)).sum())
        for steps in (10, 100)
    ]
    assert 90 < gaps[0] / gaps[1] < 110


def test_input_that_the_function_ignores_gets_nothing():
    found = integrated_gradients(lambda v: np.array([2 * v[0], 0.0]), np.ones(2), np.zeros(2), steps=3)
    np.testing.assert_allclose(found, [1.0, 0.0])


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="steps is 0"):
        integrated_gradients(np.cos, np.ones(2), np.zeros(2), steps=0)
