import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.layers import affine_backward, affine_forward, relu_backward, relu_forward

SIZES = st.integers(1, 7)
SEEDS = st.integers(0, 2**32 - 1)


@given(SIZES, st.lists(st.integers(1, 4), min_size=1, max_size=3), SIZES, SEEDS)
@settings(deadline=None)
def test_affine_and_its_gradients_are_torchs(N, axes, M, seed):
    rng = np.random.default_rng(seed)
    D = int(np.prod(axes))
    x, w, b = rng.standard_normal((N, *axes)), rng.standard_normal((D, M)), rng.standard_normal(M)
    tensors = [torch.tensor(each, requires_grad=True) for each in (x, w, b)]
    want = tensors[0].flatten(1) @ tensors[1] + tensors[2]
    dout = rng.standard_normal((N, M))
    gradients = torch.autograd.grad(want, tensors, torch.tensor(dout))

    out, cache = affine_forward(x, w, b)
    assert_allclose(out, want.detach(), rtol=1e-12, atol=1e-14)
    for ours, theirs in zip(affine_backward(dout, cache), gradients, strict=True):
        assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


@given(st.lists(SIZES, min_size=1, max_size=4), SEEDS)
@settings(deadline=None)
def test_relu_and_its_gradient_are_torchs(shape, seed):
    rng = np.random.default_rng(seed)
    x, dout = rng.standard_normal(shape), rng.standard_normal(shape)
    tensor = torch.tensor(x, requires_grad=True)
    want = torch.relu(tensor)
    (gradient,) = torch.autograd.grad(want, tensor, torch.tensor(dout))

    out, cache = relu_forward(x)
    assert_allclose(out, want.detach(), rtol=0)
    assert_allclose(relu_backward(dout, cache), gradient, rtol=0)


def test_relu_has_derivative_0_at_0():
    _, cache = relu_forward(np.array([0.0, -0.0]))
    assert relu_backward(np.ones(2), cache).tolist() == [0, 0]


def test_float32_stays_float32():
    x, w, b = (np.ones(shape, dtype=np.float32) for shape in ((3, 2, 2), (4, 5), (5,)))
    out, cache = affine_forward(x, w, b)
    assert {each.dtype for each in (out, *affine_backward(out, cache))} == {np.dtype("float32")}
    hidden, cache = relu_forward(x)
    assert hidden.dtype == relu_backward(hidden, cache).dtype == np.float32


def test_inputs_and_cache_stay_as_they_were():
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(shape) for shape in ((3, 2), (2, 5), (5,), (3, 5))]
    before = [each.copy() for each in inputs]
    _, cache = affine_forward(*inputs[:3])
    first, second = affine_backward(inputs[3], cache), affine_backward(inputs[3], cache)
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))
    _, cache = relu_forward(inputs[0])
    relu_backward(inputs[0], cache)
    assert all(np.array_equal(*pair) for pair in zip(inputs, before, strict=True))
