"""The Triton kernels on a real GPU: right in every arithmetic and every configuration.

    pytest -m gpu

Imports only numpy, torch, triton and pytest, so that it runs on a bare GPU machine. Where a test does not say
otherwise, kernels run in their first configuration and are not tuned: that takes seconds for each size.
"""

import os

import pytest
import torch
from torch.nn import grad
from torch.nn.functional import conv2d

os.environ.setdefault("TRITON_DEFAULT_FP_FUSION", "1")  # what Triton does anyway; unsaid, 3.9 warns

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
    pytest.mark.skipif(os.environ.get("TRITON_INTERPRET") == "1", reason="kernels are interpreted here"),
]
# Norm-relative, against float64 on the inputs as they were rounded. Triton gives tensor cores float32 as it
# is, and they cut it off to TF32: 8.1e-4 at most for these inputs, where rounding would give 3.5e-4.
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
SOME_LAYER = (3, 64, 28, 28, 96, 3, 2, 1)


def made(shape, arithmetic):
    """Normal numbers, drawn on the CPU: they are the same on every GPU."""
    dtype = torch.float32 if arithmetic == "tf32" else getattr(torch, arithmetic)
    return torch.randn(shape).cuda().to(dtype)


def assert_right(found, want, arithmetic):
    error = float((found.double() - want).norm() / want.norm())
    assert found.isfinite().all()
    assert error <= LIMITS[arithmetic], error
    largest = float((found.double() - want).abs().max() / (want.norm() / want.numel() ** 0.5))
    assert largest <= 12 * LIMITS[arithmetic], largest


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(7)


@pytest.fixture
def tuners():
    """Kernel -> kind of product -> what chooses its configuration."""
    from dlc_lib import triton_conv_data, triton_conv_forward, triton_conv_weight, triton_matmul

    return {
        "pointers": triton_matmul.POINTER_KERNELS,
        "descriptors": triton_matmul.DESCRIPTOR_KERNELS,
        "forward": triton_conv_forward.FORWARD_KERNELS,
        "backward_data": triton_conv_data.BACKWARD_DATA_KERNELS,
        "backward_weight": triton_conv_weight.BACKWARD_WEIGHT_KERNELS,
    }


@pytest.fixture
def untuned(tuners, monkeypatch):
    """Kernels have no choice but their first configuration."""
    for kernel in tuners.values():
        for tuner in kernel.values():
            monkeypatch.setattr(tuner, "configs", tuner.configs[:1])


def product(sizes, arithmetic, transposed=""):
    """A call of the matrix product, and what it should give."""
    from dlc_lib.triton_matmul import triton_matmul

    M, K, N = sizes
    a = made((K, M), arithmetic).T if "a" in transposed else made((M, K), arithmetic)
    b = made((N, K), arithmetic).T if "b" in transposed else made((K, N), arithmetic)
    return lambda: triton_matmul(a, b, tf32=arithmetic == "tf32"), a.double() @ b.double()


def passes(layer, arithmetic, memory=torch.channels_last):
    """Pass of a convolution -> its call, and what it should give."""
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    N, C, H, W, F, window, stride, pad = layer
    x = made((N, C, H, W), arithmetic).contiguous(memory_format=memory)
    w = made((F, C, window, window), arithmetic).contiguous(memory_format=memory)
    out = conv2d(x.double(), w.double(), stride=stride, padding=pad)
    dout = made(out.shape, arithmetic)
    dx = grad.conv2d_input(x.shape, w.double(), dout.double(), stride=stride, padding=pad)
    dw = grad.conv2d_weight(x.double(), w.shape, dout.double(), stride=stride, padding=pad)
    size = {"stride": stride, "pad": pad, "tf32": arithmetic == "tf32"}
    image, kernel = {"height": H, "width": W}, {"kernel_height": window, "kernel_width": window}
    return {
        "forward": (lambda: triton_conv2d_forward(x, w, **size), out),
        "backward_data": (lambda: triton_conv2d_backward_data(dout, w, **image, **size), dx),
        "backward_weight": (lambda: triton_conv2d_backward_weight(dout, x, **kernel, **size), dw),
    }


def case(kernel, arithmetic):
    """A call that runs that kernel, and what it should give."""
    if kernel == "pointers":  # too narrow for the persistent kernel
        return product((385, 320, 96), arithmetic)
    if kernel == "descriptors":
        return product((384, 320, 520), arithmetic)
    return passes(SOME_LAYER, arithmetic)[kernel]


@pytest.mark.usefixtures("untuned")
@pytest.mark.parametrize("arithmetic", LIMITS)
@pytest.mark.parametrize("sizes", MATRICES, ids=str)
@pytest.mark.parametrize("transposed", ["", "a", "b", "ab"])
def test_matrix_product(sizes, arithmetic, transposed):
    if sizes == (1, 1, 1) and arithmetic == "tf32":
        pytest.skip("one product of two numbers that were cut off may be wrong by 2e-3")
    call, want = product(sizes, arithmetic, transposed)
    assert_right(call(), want, arithmetic)


@pytest.mark.usefixtures("untuned")
@pytest.mark.parametrize("arithmetic", LIMITS)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last], ids=str)
def test_convolution_and_its_gradients(layer, arithmetic, memory):
    for call, want in passes(layer, arithmetic, memory).values():
        assert_right(call(), want, arithmetic)


def skip_where_absent(kernel):
    from dlc_lib.gpu import compute_capability

    if kernel == "descriptors" and compute_capability() < 90:
        pytest.skip("this GPU has no copy engine")


KERNELS = ("pointers", "descriptors", "forward", "backward_data", "backward_weight")


@pytest.mark.parametrize("arithmetic", ["float32", "tf32", "float16"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_every_configuration_that_fits_is_right(kernel, arithmetic, tuners, monkeypatch):
    from triton.runtime.errors import OutOfResources

    skip_where_absent(kernel)
    kind = {"float32": "ieee", "float16": "half"}.get(arithmetic, arithmetic)
    if kind not in tuners[kernel]:
        pytest.skip("the persistent kernel has no exact product of float32")
    call, want = case(kernel, arithmetic)
    tuner, tried = tuners[kernel][kind], 0
    for config in tuner.configs:
        monkeypatch.setattr(tuner, "configs", [config])
        try:
            found = call()
        except OutOfResources:
            continue
        assert_right(found, want, arithmetic)
        tried += 1
    assert tried > 0


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_that_was_tuned_is_right_and_tuned_once(kernel, tuners):
    skip_where_absent(kernel)
    tuner = tuners[kernel]["half"]
    call, want = case(kernel, "float16")
    known = len(tuner.cache)
    for _ in range(2):
        assert_right(call(), want, "float16")
    assert len(tuner.cache) == known + 1
    assert len(tuner.configs_timings) == len(tuner.configs)


@pytest.mark.usefixtures("untuned")
def test_the_gradient_of_the_filters_has_the_same_bits_twice():
    call, _ = passes((16, 64, 28, 28, 64, 3, 1, 1), "float16")["backward_weight"]
    first, second = (call() for _ in range(2))
    assert torch.equal(first, second)
