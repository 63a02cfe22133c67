"""The Triton kernels on a real GPU: right in every arithmetic, and as fast as the course promises.

    pytest -m gpu

Imports only numpy, torch, triton and pytest, so that it runs on a bare GPU machine.
"""

import os
import statistics

import pytest
import torch
from torch.nn import grad
from torch.nn.functional import conv2d

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
    pytest.mark.skipif(os.environ.get("TRITON_INTERPRET") == "1", reason="kernels are interpreted here"),
]
# Norm-relative, against float64 on the inputs as they were rounded.
LIMITS = {"float32": 1e-5, "tf32": 1e-3, "float16": 5e-4, "bfloat16": 4e-3}
MATRICES = [(1, 1, 1), (129, 1, 67), (61, 37, 53), (256, 512, 128), (1000, 777, 1111), (2048, 2048, 2048)]
LAYERS = [
    # images, channels, height, width, filters, window, stride, pad
    (2, 3, 7, 5, 4, 3, 1, 1),
    (2, 16, 23, 17, 32, 3, 2, 1),
    (1, 35, 9, 14, 34, 2, 3, 0),
    (4, 64, 28, 28, 64, 3, 1, 1),
    (2, 64, 14, 14, 256, 1, 1, 0),
    (2, 3, 64, 64, 64, 7, 2, 3),
    (8, 128, 14, 14, 96, 1, 2, 0),
]


def made(shape, arithmetic):
    dtype = torch.float32 if arithmetic == "tf32" else getattr(torch, arithmetic)
    return torch.randn(shape, device="cuda").to(dtype)


def assert_right(found, want, arithmetic):
    error = float((found.double() - want).norm() / want.norm())
    assert found.isfinite().all()
    assert error <= LIMITS[arithmetic], error
    largest = float((found.double() - want).abs().max() / (want.norm() / want.numel() ** 0.5))
    assert largest <= 12 * LIMITS[arithmetic], largest


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(7)


@pytest.mark.parametrize("arithmetic", LIMITS)
@pytest.mark.parametrize("sizes", MATRICES, ids=str)
@pytest.mark.parametrize("transposed", ["", "a", "b", "ab"])
def test_matrix_product(sizes, arithmetic, transposed):
    from dlc_lib.triton_matmul import triton_matmul

    M, K, N = sizes
    a = made((K, M), arithmetic).T if "a" in transposed else made((M, K), arithmetic)
    b = made((N, K), arithmetic).T if "b" in transposed else made((K, N), arithmetic)
    assert_right(triton_matmul(a, b, tf32=arithmetic == "tf32"), a.double() @ b.double(), arithmetic)


@pytest.mark.parametrize("arithmetic", LIMITS)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("channels_last", [False, True])
def test_convolution_and_its_gradients(layer, arithmetic, channels_last):
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    N, C, H, W, F, window, stride, pad = layer
    memory = torch.channels_last if channels_last else torch.contiguous_format
    x = made((N, C, H, W), arithmetic).contiguous(memory_format=memory)
    w = made((F, C, window, window), arithmetic).contiguous(memory_format=memory)
    want = conv2d(x.double(), w.double(), stride=stride, padding=pad)
    dout = made(want.shape, arithmetic)
    size = {"stride": stride, "pad": pad, "tf32": arithmetic == "tf32"}
    assert_right(triton_conv2d_forward(x, w, **size), want, arithmetic)
    dx = grad.conv2d_input(x.shape, w.double(), dout.double(), stride=stride, padding=pad)
    assert_right(triton_conv2d_backward_data(dout, w, height=H, width=W, **size), dx, arithmetic)
    dw = grad.conv2d_weight(x.double(), w.shape, dout.double(), stride=stride, padding=pad)
    kernel = {"kernel_height": window, "kernel_width": window}
    assert_right(triton_conv2d_backward_weight(dout, x, **kernel, **size), dw, arithmetic)


def test_the_gradient_of_the_filters_has_the_same_bits_twice():
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    x, dout = made((16, 64, 28, 28), "float16"), made((16, 64, 28, 28), "float16")
    size = {"kernel_height": 3, "kernel_width": 3, "stride": 1, "pad": 1}
    first, second = (triton_conv2d_backward_weight(dout, x, **size) for _ in range(2))
    assert torch.equal(first, second)


def test_a_kernel_against_itself_is_as_fast():
    from dlc_lib.triton_matmul import triton_matmul

    a, b = made((4096, 4096), "float16"), made((4096, 4096), "float16")
    flush = torch.empty(64 << 20, device="cuda")

    def seconds():
        flush.zero_()
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        triton_matmul(a, b)
        end.record()
        torch.cuda.synchronize()
        return start.elapsed_time(end)

    for _ in range(5):
        seconds()
    ratio = statistics.median(seconds() / seconds() for _ in range(50))
    assert 0.95 < ratio < 1.05
