import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib import norm

EPS = 1e-5
SHAPES = {"vectors": (7, 3), "images": (2, 3, 5, 4)}
KINDS = pytest.mark.parametrize(
    ("forward", "backward", "rank"),
    [
        (norm.batchnorm_forward, norm.batchnorm_backward, 2),
        (norm.spatial_batchnorm_forward, norm.spatial_batchnorm_backward, 4),
    ],
    ids=["vectors", "images"],
)


def drawn(seed, shape):
    rng = np.random.default_rng(seed)
    D = shape[1]
    state = {"running_mean": rng.standard_normal(D), "running_var": rng.uniform(0.5, 2, D)}
    return 2 * rng.standard_normal(shape) + 1, rng.uniform(0.5, 2, D), rng.standard_normal(D), state


def by_torch(x, gamma, beta, state, *, train):
    """torch's output and its inputs as tensors."""
    tensors = [torch.tensor(each, requires_grad=True) for each in (x, gamma, beta)]
    running = [torch.tensor(state[name]) for name in ("running_mean", "running_var")]
    return torch.nn.functional.batch_norm(
        tensors[0], *running, tensors[1], tensors[2], training=train, eps=EPS
    ), tensors


@KINDS
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_training_pass_and_gradients_are_torchs(forward, backward, rank, data, seed):
    shape = tuple(data.draw(st.integers(2, 5)) for _ in range(rank))
    x, gamma, beta, state = drawn(seed, shape)
    want, tensors = by_torch(x, gamma, beta, state, train=True)
    dout = np.random.default_rng(seed + 1).standard_normal(shape)
    gradients = torch.autograd.grad(want, tensors, torch.tensor(dout))

    out, cache, _ = forward(x, gamma, beta, state, train=True, momentum=0.9, eps=EPS)
    assert_allclose(out, want.detach(), rtol=1e-8, atol=1e-9)
    for mine, theirs in zip(backward(dout, cache), gradients, strict=True):
        # Gradients cancel in a batch of two: both sides are right to eps·1e-16 only.
        assert_allclose(mine, theirs, rtol=1e-6, atol=1e-8)


@KINDS
def test_testing_pass_is_torchs_and_leaves_the_state(forward, backward, rank):
    x, gamma, beta, state = drawn(0, SHAPES["vectors" if rank == 2 else "images"])
    want, _ = by_torch(x, gamma, beta, state, train=False)
    out, _, next_state = forward(x, gamma, beta, state, train=False, momentum=0.9, eps=EPS)
    assert_allclose(out, want.detach(), rtol=1e-12, atol=1e-12)
    for name, value in state.items():
        assert np.array_equal(next_state[name], value)


@KINDS
def test_running_averages_keep_the_share_momentum_and_the_biased_variance(forward, backward, rank):
    x, gamma, beta, state = drawn(0, SHAPES["vectors" if rank == 2 else "images"])
    pixels = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    _, _, next_state = forward(x, gamma, beta, state, train=True, momentum=0.7, eps=EPS)
    assert_allclose(next_state["running_mean"], 0.7 * state["running_mean"] + 0.3 * np.mean(pixels, axis=0))
    assert_allclose(
        next_state["running_var"], 0.7 * state["running_var"] + 0.3 * np.var(pixels, axis=0, ddof=0)
    )


@KINDS
def test_inputs_state_and_cache_stay_as_they_were(forward, backward, rank):
    shape = SHAPES["vectors" if rank == 2 else "images"]
    x, gamma, beta, state = drawn(0, shape)
    dout = np.random.default_rng(1).standard_normal(shape)
    arrays = [x, gamma, beta, dout, *state.values()]
    before = [each.copy() for each in arrays]
    _, cache, _ = forward(x, gamma, beta, state, train=True, momentum=0.9, eps=EPS)
    first, second = backward(dout, cache), backward(dout, cache)
    for mine, again in zip([*arrays, *first], [*before, *second], strict=True):
        assert np.array_equal(mine, again)


@KINDS
def test_float32_stays_float32(forward, backward, rank):
    shape = SHAPES["vectors" if rank == 2 else "images"]
    x, gamma, beta, state = drawn(0, shape)
    x, gamma, beta = (each.astype(np.float32) for each in (x, gamma, beta))
    state = {name: value.astype(np.float32) for name, value in state.items()}
    out, cache, next_state = forward(x, gamma, beta, state, train=True, momentum=0.9, eps=EPS)
    results = [out, *next_state.values(), *backward(out, cache)]
    assert {each.dtype for each in results} == {np.dtype(np.float32)}


def test_a_constant_feature_becomes_beta():
    state = {"running_mean": np.zeros(1), "running_var": np.ones(1)}
    out, _, _ = norm.batchnorm_forward(
        np.full((3, 1), 4.0), np.array([2.0]), np.array([0.5]), state, train=True, momentum=0.9, eps=EPS
    )
    assert out.tolist() == [[0.5]] * 3
