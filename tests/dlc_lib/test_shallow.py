import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.shallow import shallow_backward, shallow_forward, xor_parameters

SIZES = st.integers(1, 7)


@given(SIZES, SIZES, SIZES, st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_output_and_every_gradient_are_torchs(N, D, H, seed):
    rng = np.random.default_rng(seed)
    inputs = [rng.standard_normal(shape) for shape in ((N, D), (D, H), (H,), (H,), ())]
    x, W, c, w, b = (torch.tensor(each, requires_grad=True) for each in inputs)
    want = torch.relu(x @ W + c) @ w + b
    df = rng.standard_normal(N)
    gradients = torch.autograd.grad(want, (x, W, c, w, b), torch.tensor(df))

    f, cache = shallow_forward(*inputs)
    assert_allclose(f, want.detach(), rtol=1e-12, atol=1e-13)
    for ours, theirs in zip(shallow_backward(df, cache), gradients, strict=True):
        assert ours.shape == theirs.shape
        assert_allclose(ours, theirs, rtol=1e-12, atol=1e-13)


def test_the_lectures_parameters_compute_exclusive_or():
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    f, _ = shallow_forward(corners, *xor_parameters())
    assert f.tolist() == [0, 1, 1, 0]


def test_a_unit_at_exactly_zero_passes_no_gradient_on():
    W, c, w, b = xor_parameters()
    _, cache = shallow_forward(np.array([[0.0, 0.0]]), W, c, w, b)
    dx, dW, dc, *_ = shallow_backward(np.ones(1), cache)
    assert not dx.any()
    assert not dW.any()
    assert not dc.any()


def test_inputs_and_cache_stay_as_they_were():
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(shape) for shape in ((3, 2), (2, 5), (5,), (5,), ())]
    before = [each.copy() for each in inputs]
    f, cache = shallow_forward(*inputs)
    first, second = shallow_backward(f, cache), shallow_backward(f, cache)
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))
    assert all(np.array_equal(*pair) for pair in zip(inputs, before, strict=True))
