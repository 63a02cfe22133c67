import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch.nn.utils import prune

from dlc_lib.compression import binarize_backward, binarize_forward, magnitude_prune, pruned_step

SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=3)


@given(SHAPES, st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True)
def test_mask_is_torchs(shape, sparsity, seed):
    w = np.random.default_rng(seed).standard_normal(shape)
    k = round(sparsity * w.size)
    want = prune.L1Unstructured(amount=k).compute_mask(torch.tensor(w), torch.ones(w.shape))
    pruned, mask = magnitude_prune(w, sparsity=sparsity)
    assert np.array_equal(mask, want.numpy())
    assert np.array_equal(pruned, w * want.numpy())


@given(SHAPES, st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True)
def test_exactly_k_go_and_none_of_them_is_larger_than_one_that_stays(shape, sparsity, seed):
    w = np.random.default_rng(seed).integers(-2, 3, size=shape) * 1.0  # many ties and zeros
    _, mask = magnitude_prune(w, sparsity=sparsity)
    assert np.count_nonzero(mask == 0) == round(sparsity * w.size)
    assert abs(w[mask == 0]).max(initial=0) <= abs(w[mask == 1]).min(initial=2)


@pytest.mark.parametrize("sparsity", [-0.01, 1.01, float("nan")])
def test_sparsity_that_is_no_share_raises(sparsity):
    with pytest.raises(ValueError, match="between 0 and 1"):
        magnitude_prune(np.ones(3), sparsity=sparsity)


def test_pruned_weights_stay_zero_through_steps():
    rng = np.random.default_rng(0)
    w, mask = magnitude_prune(rng.standard_normal((5, 3)), sparsity=0.6)
    for _ in range(5):
        w = pruned_step(w, rng.standard_normal((5, 3)), mask, lr=0.1)
        assert np.array_equal(w == 0, mask == 0)


def test_step_with_nothing_pruned_is_torchs():
    w, dw = np.random.default_rng(0).standard_normal((2, 5, 3))
    tensor = torch.tensor(w, requires_grad=True)
    tensor.grad = torch.tensor(dw)
    torch.optim.SGD([tensor], lr=0.1).step()
    assert_allclose(pruned_step(w, dw, np.ones((5, 3)), lr=0.1), tensor.detach(), rtol=1e-12)


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True)
def test_straight_through_gradient_is_that_of_hardtanh_scaled(inputs, units, seed):
    rng = np.random.default_rng(seed)
    w, dout = rng.standard_normal((2, inputs, units))
    tensor = torch.tensor(w, requires_grad=True)
    alpha = tensor.detach().abs().mean(dim=0)
    soft = alpha * torch.nn.functional.hardtanh(tensor)
    (want,) = torch.autograd.grad(soft, tensor, torch.tensor(dout))

    out, cache = binarize_forward(w)
    assert_allclose(out, alpha * torch.sign(tensor.detach()), rtol=1e-12)
    assert_allclose(binarize_backward(dout, cache), want, rtol=1e-12)


def test_no_other_binary_weights_are_nearer():
    w = np.random.default_rng(0).standard_normal((6, 1))
    nearest = np.linalg.norm(w - binarize_forward(w)[0])
    for bits in np.ndindex(*[2] * 6):
        signs = 2.0 * np.array(bits)[:, None] - 1
        for size in np.linspace(0, 2, 41):
            assert np.linalg.norm(w - size * signs) >= nearest


def test_zero_counts_as_positive_and_one_still_passes_the_gradient():
    w = np.array([[0.0], [-0.0], [-1.0], [1.5]])
    out, cache = binarize_forward(w)
    assert np.array_equal(out, 0.625 * np.array([[1.0], [1.0], [-1.0], [1.0]]))
    assert np.array_equal(binarize_backward(np.ones((4, 1)), cache), [[0.625], [0.625], [0.625], [0.0]])


def test_float32_stays_float32_and_nothing_is_changed():
    w, dw = np.random.default_rng(0).standard_normal((2, 5, 3)).astype(np.float32)
    before = w.copy(), dw.copy()
    pruned, mask = magnitude_prune(w, sparsity=0.5)
    out, cache = binarize_forward(w)
    results = (pruned, mask, pruned_step(w, dw, mask, lr=0.1), out, binarize_backward(dw, cache))
    assert {each.dtype for each in results} == {np.dtype(np.float32)}
    assert np.array_equal(w, before[0])
    assert np.array_equal(dw, before[1])
