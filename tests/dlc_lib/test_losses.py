import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.losses import mse_loss, softmax_loss

SEEDS = st.integers(0, 2**32 - 1)


@given(st.integers(1, 7), st.integers(1, 6), st.sampled_from([0.1, 1, 50]), SEEDS)
@settings(deadline=None)
def test_softmax_loss_and_its_gradient_are_torchs(N, K, scale, seed):
    rng = np.random.default_rng(seed)
    x, y = scale * rng.standard_normal((N, K)), rng.integers(K, size=N)
    tensor = torch.tensor(x, requires_grad=True)
    want = torch.nn.functional.cross_entropy(tensor, torch.tensor(y))
    (gradient,) = torch.autograd.grad(want, tensor)

    loss, dx = softmax_loss(x, y)
    assert loss == pytest.approx(want.item(), rel=1e-11, abs=1e-14)
    assert_allclose(dx, gradient, rtol=1e-10, atol=1e-14)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=3), SEEDS)
@settings(deadline=None)
def test_mse_loss_and_its_gradient_are_torchs(shape, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal(shape), rng.standard_normal(shape)
    tensor = torch.tensor(x, requires_grad=True)
    want = torch.nn.functional.mse_loss(tensor, torch.tensor(y), reduction="sum") / shape[0]
    (gradient,) = torch.autograd.grad(want, tensor)

    loss, dx = mse_loss(x, y)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    assert_allclose(dx, gradient, rtol=1e-12, atol=1e-15)


def test_vast_scores_give_finite_losses():
    x = np.array([[1e4, 0.0, -1e4], [-1e4, 1e4, 0.0]])
    loss, dx = softmax_loss(x, np.array([0, 2]))
    assert loss == pytest.approx(5000)
    assert dx.tolist() == [[0, 0, 0], [0, 0.5, -0.5]]


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_labels_may_be_integers_of_any_width(kind):
    loss, _ = softmax_loss(np.zeros((3, 4)), np.array([0, 3, 1], dtype=kind))
    assert loss == pytest.approx(np.log(4))


def test_float32_gradients_stay_float32_and_losses_are_floats():
    x = np.ones((3, 2), dtype=np.float32)
    for loss, dx in (softmax_loss(x, np.array([0, 1, 1])), mse_loss(x, 2 * x)):
        assert type(loss) is float
        assert dx.dtype == np.float32


def test_inputs_stay_as_they_were():
    x, y = np.ones((3, 2)), np.array([0, 1, 1])
    softmax_loss(x, y)
    mse_loss(x, x)
    assert np.array_equal(x, np.ones((3, 2)))
    assert y.tolist() == [0, 1, 1]
