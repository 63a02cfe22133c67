"""Penalties against torch, dropout and augmentation against their laws, early stopping against a story."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlc_lib.augment import channel_statistics, normalize, random_crop, random_flip
from dlc_lib.dropout import dropout_backward, dropout_forward
from dlc_lib.fitting import fit
from dlc_lib.penalties import add_penalties, l1_penalty, l2_penalty
from dlc_lib.stopping import EarlyStopping


@pytest.mark.parametrize("shape", [(7,), (3, 5), (2, 3, 1, 2), ()])
def test_penalties_have_the_slope_that_torch_finds(shape):
    w = np.random.default_rng(0).standard_normal(shape)
    for ours, theirs in (
        (l2_penalty, lambda w: 0.35 * (w**2).sum()),
        (l1_penalty, lambda w: 0.7 * w.abs().sum()),
    ):
        parameter = torch.tensor(w, requires_grad=True)
        want = theirs(parameter)
        want.backward()
        penalty, dw = ours(w, strength=0.7)
        assert penalty == pytest.approx(want.item(), rel=1e-12)
        np.testing.assert_allclose(dw, parameter.grad.numpy(), rtol=1e-12)


def test_magnitude_has_no_slope_at_zero():
    np.testing.assert_array_equal(l1_penalty(np.array([-2.0, 0.0, 3.0]), strength=2.0)[1], [-2, 0, 2])


def test_only_weights_are_penalized():
    rng = np.random.default_rng(0)
    params = {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(2)}
    gradients = {name: rng.standard_normal(value.shape) for name, value in params.items()}
    loss, total = add_penalties(1.5, gradients, params, l1=0.3, l2=0.7)
    W = params["W"]
    assert loss == pytest.approx(1.5 + 0.3 * abs(W).sum() + 0.35 * (W**2).sum())
    np.testing.assert_allclose(total["W"], gradients["W"] + 0.3 * np.sign(W) + 0.7 * W)
    np.testing.assert_array_equal(total["b"], gradients["b"])


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_dropout_keeps_the_expectation(p):
    x = np.full((400, 500), 3.0)
    out, factor = dropout_forward(x, p=p, train=True, rng=np.random.default_rng(0))
    assert set(np.unique(out)) == {0.0, 3.0 / p}
    assert out.mean() == pytest.approx(3.0, rel=0.02)
    dout = np.random.default_rng(1).standard_normal(x.shape)
    np.testing.assert_allclose(dropout_backward(dout, factor), dout * (out != 0) / p, rtol=1e-12)


def test_dropout_does_nothing_in_testing_and_refuses_no_probability():
    x, rng = np.arange(6.0).reshape(2, 3), np.random.default_rng(0)
    out, cache = dropout_forward(x, p=0.3, train=False, rng=rng)
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(dropout_backward(x, cache), x)
    assert out is not x
    for p in (0.0, -0.5, 1.5, math.nan):
        with pytest.raises(ValueError, match="probability to keep"):
            dropout_forward(x, p=p, train=True, rng=rng)


@given(st.integers(0, 2**31), st.tuples(*[st.integers(1, 5)] * 4), st.integers(0, 3))
def test_augmented_images_are_moved_ones(seed, shape, pad):
    x = np.random.default_rng(seed).standard_normal(shape)
    rng = np.random.default_rng(seed)
    for image, found in zip(x, random_flip(x, rng=rng), strict=True):
        assert (found == image).all() or (found == image[:, :, ::-1]).all()
    H, W = shape[2:]
    for image, found in zip(x, random_crop(x, pad=pad, rng=rng), strict=True):
        padded = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
        places = range(2 * pad + 1)
        assert any((padded[:, i : i + H, j : j + W] == found).all() for i in places for j in places)


def test_normalized_channels_have_mean_0_and_deviation_1():
    x = 5 + 3 * np.random.default_rng(0).standard_normal((6, 2, 3, 4))
    x[:, 1] = 7.0
    mean, std = channel_statistics(x)
    out = normalize(x, mean, std)
    np.testing.assert_allclose(out[:, 0].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(out[:, 0].std(), 1)
    np.testing.assert_array_equal(out[:, 1], 0)


def test_stopper_waits_and_keeps_the_best():
    stopper = EarlyStopping(patience=2, min_delta=0.1)
    w = np.zeros(1)
    said = []
    for value in (5.0, 3.0, 2.95, math.nan):
        w += 1
        said.append(stopper.update(value, {"w": w}))
    assert said == [False, False, False, True]
    assert (stopper.best_value, stopper.best_epoch, stopper.epochs) == (3.0, 1, 4)
    assert stopper.best_params["w"] == 2.0


def test_fitting_stops_at_the_best_place_of_the_validation_data():
    params = {"w": np.array([0.0])}
    stopper = EarlyStopping(patience=3)
    values = fit(
        params,
        lambda params: {"w": np.array([-1.0])},
        lambda params: float((params["w"][0] - 2.1) ** 2),
        stopper,
        lr=0.5,
        epochs=50,
    )
    assert len(values) == 7
    assert stopper.best_params["w"] == 2.0
    assert params["w"] == 3.5
