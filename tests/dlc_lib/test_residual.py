import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.residual import residual_block_backward, residual_block_forward


def draw(rng, examples, width, hidden):
    shapes = ((examples, width), (width, hidden), (hidden,), (hidden, width), (width,))
    return [rng.standard_normal(shape) for shape in shapes]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@example(5, 3, 7, 0)
@settings(deadline=None, derandomize=True)
def test_output_and_gradients_are_torchs(examples, width, hidden, seed):
    rng = np.random.default_rng(seed)
    inputs, dout = draw(rng, examples, width, hidden), rng.standard_normal((examples, width))
    x, W1, b1, W2, b2 = tensors = [torch.tensor(each, requires_grad=True) for each in inputs]
    want = x + torch.relu(x @ W1 + b1) @ W2 + b2
    gradients = torch.autograd.grad(want, tensors, torch.tensor(dout))

    out, cache = residual_block_forward(*inputs)
    assert_allclose(out, want.detach(), rtol=1e-12, atol=1e-12)
    for got, gradient in zip(residual_block_backward(dout, cache), gradients, strict=True):
        assert_allclose(got, gradient, rtol=1e-12, atol=1e-12)


def test_block_without_weights_hands_everything_on():
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal((2, 5, 3))
    out, cache = residual_block_forward(x, np.zeros((3, 4)), np.zeros(4), np.zeros((4, 3)), np.zeros(3))
    assert np.array_equal(out, x)
    assert np.array_equal(residual_block_backward(dout, cache)[0], dout)


def test_derivative_at_zero_is_zero():
    one = np.ones((1, 1))
    _, cache = residual_block_forward(one, one, -np.ones(1), one, np.zeros(1))
    assert residual_block_backward(one, cache)[0] == 1


@pytest.mark.parametrize(("width", "end"), [(3, 1), (1, 3), (3, 2)])
def test_branch_of_another_width_raises(width, end):
    with pytest.raises(ValueError, match=f"{end} columns, x has {width}"):
        residual_block_forward(
            np.ones((4, width)), np.ones((width, 5)), np.ones(5), np.ones((5, end)), np.ones(end)
        )


def test_float32_stays_float32_and_nothing_is_changed():
    inputs = [each.astype(np.float32) for each in draw(np.random.default_rng(0), 5, 3, 4)]
    before = [each.copy() for each in inputs]
    out, cache = residual_block_forward(*inputs)
    first, second = residual_block_backward(out, cache), residual_block_backward(out, cache)
    assert {each.dtype for each in (out, *first)} == {np.dtype(np.float32)}
    assert all(np.array_equal(a, b) for a, b in zip((*inputs, *first), (*before, *second), strict=True))
