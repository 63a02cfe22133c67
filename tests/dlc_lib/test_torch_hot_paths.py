from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from dlc_lib import naive, torch_conv, torch_matmul, vendor

MATRICES = [(1, 1, 1), (7, 5, 3), (3, 1, 11), (64, 33, 17)]
CONVOLUTIONS = [
    # images, filters, stride, pad
    ((2, 3, 7, 5), (4, 3, 3, 2), 1, 1),
    ((1, 2, 9, 8), (3, 2, 2, 3), 2, 0),
    ((3, 1, 5, 6), (2, 1, 1, 1), 1, 0),
    ((2, 2, 8, 7), (3, 2, 3, 3), 3, 2),
    ((1, 2, 4, 3), (2, 2, 4, 3), 1, 0),
]


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(5)


@pytest.mark.parametrize(
    ("function", "m", "k", "n"),
    [
        *((torch_matmul.outer_matmul, *sizes) for sizes in (*MATRICES, (2, 3, 1 << 17))),
        *((naive.naive_matmul, *sizes) for sizes in MATRICES),
    ],
)
def test_matrix_product_is_the_library_s(function, m, k, n):
    a, b = torch.randn(m, k, dtype=torch.float64), torch.randn(k, n, dtype=torch.float64)
    torch.testing.assert_close(function(a, b), a @ b)
    torch.testing.assert_close(function(a.T.contiguous().T, b.T.contiguous().T), a @ b)


@pytest.mark.parametrize("shapes", [((2, 3), (4, 2)), ((3,), (3, 2)), ((2, 2, 2), (2, 2))])
def test_matrices_that_do_not_match_are_refused(shapes):
    with pytest.raises(ValueError, match="have no product"):
        torch_matmul.outer_matmul(*(torch.ones(shape) for shape in shapes))


@pytest.mark.parametrize(("images", "filters", "stride", "pad"), CONVOLUTIONS)
def test_convolution_and_its_gradients_are_autograd_s(images, filters, stride, pad):
    x = torch.randn(images, dtype=torch.float64, requires_grad=True)
    w = torch.randn(filters, dtype=torch.float64, requires_grad=True)
    out = functional.conv2d(x, w, stride=stride, padding=pad)
    dout = torch.randn_like(out)
    dx, dw = torch.autograd.grad(out, (x, w), dout)
    x, w, window = x.detach(), w.detach(), {"stride": stride, "pad": pad}
    size = {"height": x.shape[2], "width": x.shape[3]}
    kernel = {"kernel_height": w.shape[2], "kernel_width": w.shape[3]}
    torch.testing.assert_close(naive.naive_conv2d(x, w, **window), out)
    for module in (torch_conv, vendor):
        torch.testing.assert_close(module.conv2d_forward(x, w, **window), out)
        torch.testing.assert_close(module.conv2d_backward_data(dout, w, **size, **window), dx)
        torch.testing.assert_close(module.conv2d_backward_weight(dout, x, **kernel, **window), dw)


def test_images_with_their_channels_last_in_memory_give_the_same():
    x, w = torch.randn(2, 3, 7, 5, dtype=torch.float64), torch.randn(4, 3, 3, 2, dtype=torch.float64)
    want = functional.conv2d(x, w, padding=1)
    last = torch.channels_last
    got = torch_conv.conv2d_forward(
        x.contiguous(memory_format=last), w.contiguous(memory_format=last), stride=1, pad=1
    )
    torch.testing.assert_close(got, want)


def test_a_filter_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        torch_conv.conv2d_forward(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 4, 3), stride=1, pad=0)
