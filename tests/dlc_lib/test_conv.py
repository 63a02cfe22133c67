"""Both convolutions against torch's own, and each other's contract."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from dlc_lib.conv import conv_backward, conv_forward
from dlc_lib.im2col import col2im, conv_im2col_backward, conv_im2col_forward, im2col

PAIRS = pytest.mark.parametrize(
    ("forward", "backward"),
    [(conv_forward, conv_backward), (conv_im2col_forward, conv_im2col_backward)],
    ids=["loops", "im2col"],
)


@st.composite
def shapes(draw):
    """(x shape, w shape, stride, pad) of a convolution that fits."""
    N, C, F = (draw(st.integers(1, 3)) for _ in range(3))
    pad = draw(st.integers(0, 2))
    HH, WW = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    H, W = (draw(st.integers(max(1, size - 2 * pad), 7)) for size in (HH, WW))
    return (N, C, H, W), (F, C, HH, WW), draw(st.integers(1, 3)), pad


def drawn(seed, *sizes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(size) for size in sizes]


@PAIRS
@given(shape=shapes(), seed=st.integers(0, 2**32 - 1))
@example(shape=((2, 3, 7, 5), (5, 3, 3, 2), 2, 1), seed=0)
@example(shape=((1, 1, 5, 7), (1, 1, 5, 7), 3, 0), seed=0)
@settings(deadline=None, max_examples=40)
def test_outputs_and_gradients_are_torchs(forward, backward, shape, seed):
    x_shape, w_shape, stride, pad = shape
    x, w, b = drawn(seed, x_shape, w_shape, w_shape[0])
    tensors = [torch.tensor(each, requires_grad=True) for each in (x, w, b)]
    want = torch.nn.functional.conv2d(*tensors, stride=stride, padding=pad)
    (dout,) = drawn(seed + 1, tuple(want.shape))

    out, cache = forward(x, w, b, stride=stride, pad=pad)
    assert_allclose(out, want.detach(), rtol=1e-10, atol=1e-12)
    gradients = torch.autograd.grad(want, tensors, torch.tensor(dout))
    for mine, theirs in zip(backward(dout, cache), gradients, strict=True):
        assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)


@PAIRS
def test_float32_stays_float32(forward, backward):
    x, w, b, dout = (
        each.astype(np.float32) for each in drawn(0, (2, 3, 5, 4), (2, 3, 3, 2), 2, (2, 2, 3, 3))
    )
    out, cache = forward(x, w, b, stride=1, pad=0)
    assert {out.dtype, *(each.dtype for each in backward(dout, cache))} == {np.dtype(np.float32)}


@PAIRS
def test_inputs_and_cache_stay_as_they_were(forward, backward):
    given_ = drawn(0, (2, 3, 5, 4), (2, 3, 3, 2), 2, (2, 2, 5, 5))
    before = [each.copy() for each in given_]
    x, w, b, dout = given_
    _, cache = forward(x, w, b, stride=1, pad=1)
    first, second = backward(dout, cache), backward(dout, cache)
    for mine, again in zip([*given_, *first], [*before, *second], strict=True):
        assert np.array_equal(mine, again)


@PAIRS
@pytest.mark.parametrize("size", [(4, 3), (3, 4)], ids=["too-high", "too-wide"])
def test_filter_larger_than_the_padded_image_raises(forward, backward, size):
    x, w, b = drawn(0, (1, 2, 1, 1), (1, 2, *size), 1)
    with pytest.raises(ValueError, match="does not fit"):
        forward(x, w, b, stride=1, pad=1)


def test_im2col_rows_are_windows_in_the_stated_order():
    x = np.arange(24.0).reshape(1, 2, 3, 4)
    cols = im2col(x, kernel_height=2, kernel_width=3, stride=1, pad=0)
    assert cols[1].tolist() == [1, 2, 3, 5, 6, 7, 13, 14, 15, 17, 18, 19]
    assert cols[2].tolist() == [4, 5, 6, 8, 9, 10, 16, 17, 18, 20, 21, 22]


@given(shape=shapes(), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_im2col_is_torchs_unfold_and_col2im_its_fold(shape, seed):
    x_shape, (_, _, HH, WW), stride, pad = shape
    options = {"kernel_height": HH, "kernel_width": WW, "stride": stride, "pad": pad}
    theirs = {"kernel_size": (HH, WW), "stride": stride, "padding": pad}
    (x,) = drawn(seed, x_shape)
    cols = im2col(x, **options)
    unfolded = torch.nn.functional.unfold(torch.tensor(x), **theirs)
    assert_allclose(cols, unfolded.transpose(1, 2).reshape(cols.shape), rtol=0)
    (dcols,) = drawn(seed + 1, cols.shape)
    rows = torch.tensor(dcols).reshape(x_shape[0], -1, cols.shape[1]).transpose(1, 2)
    folded = torch.nn.functional.fold(rows, x_shape[2:], **theirs)
    assert_allclose(col2im(dcols, x_shape, **options), folded, rtol=1e-12, atol=1e-13)
