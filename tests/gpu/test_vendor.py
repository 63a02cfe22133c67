"""The yardstick on a real GPU: right in both layouts, in the arithmetic asked for, decided once."""

import pytest
import torch
from torch.nn import grad
from torch.nn.functional import conv2d

from dlc_lib import vendor

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
]
SIZE = {"stride": 2, "pad": 1}


def distance(found, want):
    return float((found.double() - want).norm() / want.norm())


def tensors(dtype, memory):
    torch.manual_seed(7)
    x, w, dout = (torch.randn(shape) for shape in ((4, 16, 23, 18), (24, 16, 3, 3), (4, 24, 12, 9)))
    return [each.cuda().to(dtype).contiguous(memory_format=memory) for each in (x, w, dout)]


@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last], ids=str)
@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, 1e-5), (torch.float16, 5e-4)], ids=str)
def test_every_pass_is_right_however_its_inputs_lie(memory, dtype, limit):
    x, w, dout = tensors(dtype, memory)
    exact = [each.double() for each in (x, w, dout)]
    out = vendor.conv2d_forward(x, w, **SIZE)
    dx = vendor.conv2d_backward_data(dout, w, height=23, width=18, **SIZE)
    dw = vendor.conv2d_backward_weight(dout, x, kernel_height=3, kernel_width=3, **SIZE)
    assert distance(out, conv2d(exact[0], exact[1], stride=2, padding=1)) <= limit
    assert distance(dx, grad.conv2d_input(x.shape, exact[1], exact[2], stride=2, padding=1)) <= limit
    assert distance(dw, grad.conv2d_weight(exact[0], w.shape, exact[2], stride=2, padding=1)) <= limit


def test_a_layout_is_tried_once_a_shape():
    x, w, _ = tensors(torch.float16, torch.contiguous_format)
    vendor._faster_layout.cache_clear()
    for _ in range(3):
        vendor.conv2d_forward(x, w, **SIZE)
    vendor.conv2d_forward(x[:2], w, **SIZE)
    assert vendor._faster_layout.cache_info().misses == 2


def test_float32_is_rounded_only_where_that_was_allowed():
    if torch.cuda.get_device_capability() < (8, 0):
        pytest.skip("this GPU has no TF32")
    torch.manual_seed(7)
    a, b = torch.randn(512, 512).cuda(), torch.randn(512, 512).cuda()
    x, w = torch.randn(8, 64, 28, 28).cuda(), torch.randn(64, 64, 3, 3).cuda()
    product = a.double() @ b.double()
    convolved = conv2d(x.double(), w.double(), padding=1)
    assert distance(vendor.matmul(a, b), product) <= 1e-5
    assert 1e-5 < distance(vendor.matmul(a, b, tf32=True), product) <= 1e-3
    assert distance(vendor.conv2d_forward(x, w, stride=1, pad=1), convolved) <= 1e-5
    assert 1e-5 < distance(vendor.conv2d_forward(x, w, stride=1, pad=1, tf32=True), convolved) <= 1e-3
