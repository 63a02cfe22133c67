import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.pool import max_pool_backward, max_pool_forward

SIZES = st.tuples(*[st.integers(1, 3)] * 2, *[st.integers(4, 8)] * 2)


@given(SIZES, st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
@example((2, 3, 7, 5), 3, 2, 1, 0)
@example((1, 1, 5, 7), 2, 2, 3, 0)
@settings(deadline=None)
def test_output_and_gradient_are_torchs(shape, pool_height, pool_width, stride, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    tensor = torch.tensor(x, requires_grad=True)
    want = torch.nn.functional.max_pool2d(tensor, (pool_height, pool_width), stride=stride)
    dout = rng.standard_normal(tuple(want.shape))
    (gradient,) = torch.autograd.grad(want, tensor, torch.tensor(dout))

    out, cache = max_pool_forward(x, pool_height=pool_height, pool_width=pool_width, stride=stride)
    assert_allclose(out, want.detach(), rtol=0)
    assert_allclose(max_pool_backward(dout, cache), gradient, rtol=1e-12, atol=1e-14)


def test_first_of_tied_entries_in_reading_order_takes_the_whole_gradient():
    x = np.array([[[[1.0, 3.0, 3.0], [3.0, 3.0, 0.0]]]])
    _, cache = max_pool_forward(x, pool_height=2, pool_width=3, stride=1)
    assert max_pool_backward(np.array([[[[5.0]]]]), cache).tolist() == [[[[0, 5, 0], [0, 0, 0]]]]


def test_float32_stays_float32():
    x = np.ones((1, 1, 2, 2), dtype=np.float32)
    out, cache = max_pool_forward(x, pool_height=2, pool_width=2, stride=2)
    assert out.dtype == max_pool_backward(out, cache).dtype == np.float32


def test_inputs_and_cache_stay_as_they_were():
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal((2, 3, 5, 4)), rng.standard_normal((2, 3, 3, 2))
    before = x.copy(), dout.copy()
    _, cache = max_pool_forward(x, pool_height=3, pool_width=3, stride=1)
    assert np.array_equal(max_pool_backward(dout, cache), max_pool_backward(dout, cache))
    assert np.array_equal(x, before[0])
    assert np.array_equal(dout, before[1])


@pytest.mark.parametrize("window", [(3, 2), (2, 3)], ids=["too-high", "too-wide"])
def test_window_larger_than_the_image_raises(window):
    with pytest.raises(ValueError, match="does not fit"):
        max_pool_forward(np.ones((1, 1, 2, 2)), pool_height=window[0], pool_width=window[1], stride=1)
