"""Triton convolution in Triton's interpreter; bfloat16 is left out, which it multiplies wrongly."""

import importlib.util
import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
import torch
from torch.nn.functional import conv2d

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="Triton has no wheel for this platform"
)

LIMITS = {"float32": 1e-5, "float16": 5e-4}
KERNELS = (
    *(f"dlc_lib/triton_conv_{each}.py" for each in ("forward", "data", "weight")),
    "dlc_lib/channels_last.py",
)
SAMPLE = 5  # shapes of each family in `make test`


def laid_out(x: torch.Tensor, layout: str) -> torch.Tensor:
    if layout == "channels-last":
        return x.contiguous(memory_format=torch.channels_last)
    if layout == "strided":
        wide = x.new_zeros(x.shape[0], 2 * x.shape[1], x.shape[2], 2 * x.shape[3])
        wide[:, ::2, :, ::2] = x
        return wide[:, ::2, :, ::2]
    return x


def errors_of(
    image: tuple[int, int, int, int],
    filters: tuple[int, int, int],
    *,
    stride: int,
    pad: int,
    dtype: str = "float32",
    layout: str = "plain",
) -> Iterator[tuple[str, float]]:
    """Distance of out, dx and dw from float64, relative to their norms."""
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    (_, C, H, W), (F, HH, WW) = image, filters
    x = laid_out(torch.randn(image).to(getattr(torch, dtype)), layout)
    w = laid_out(torch.randn(F, C, HH, WW).to(x.dtype), layout)
    exact_x, exact_w = x.double().requires_grad_(), w.double().requires_grad_()
    out = conv2d(exact_x, exact_w, stride=stride, padding=pad)
    dout = laid_out(torch.randn_like(out).to(x.dtype).detach(), layout)
    out.backward(dout.double())
    size = {"stride": stride, "pad": pad, "tf32": pad == 1}
    kernel = {"kernel_height": HH, "kernel_width": WW}
    pairs = {
        "out": (triton_conv2d_forward(x, w, **size), out.detach()),
        "dx": (
            triton_conv2d_backward_data(dout, w, height=H, width=W, **size),
            exact_x.grad,
        ),
        "dw": (triton_conv2d_backward_weight(dout, x, **kernel, **size), exact_w.grad),
    }
    for name, (got, wanted) in pairs.items():
        assert got.shape == wanted.shape
        assert got.dtype == x.dtype
        norm = max(float(wanted.norm()), 1e-9)
        case = f"{dtype} {name} {image} {filters} stride {stride} pad {pad} {layout}"
        yield case, float((got.double() - wanted).norm()) / norm


Case = tuple[tuple[int, int, int, int], tuple[int, int, int], dict[str, Any]]


def of_strides_and_pads() -> Iterator[Case]:
    for stride, pad, dtype in product((1, 2, 3), (0, 1, 2), LIMITS):
        yield (2, 5, 9, 11), (7, 3, 3), {"stride": stride, "pad": pad, "dtype": dtype}
        yield (2, 3, 8, 5), (4, 5, 4), {"stride": stride, "pad": pad, "dtype": dtype}


def of_filters() -> Iterator[Case]:
    for filters, stride in product([(4, 1, 1), (1, 2, 3), (70, 3, 1), (3, 6, 7)], (1, 2)):
        for dtype in LIMITS:
            yield (2, 5, 6, 7), filters, {"stride": stride, "pad": 0, "dtype": dtype}
    yield (1, 1, 1, 1), (1, 1, 1), {"stride": 1, "pad": 0}
    yield (1, 1, 1, 1), (1, 3, 3), {"stride": 3, "pad": 2}
    yield (2, 2, 4, 5), (3, 1, 1), {"stride": 3, "pad": 0}


def of_large_filters() -> Iterator[Case]:
    """More rows than fit into a mask."""
    for filters, channels in product([(2, 16, 2), (2, 2, 16), (2, 17, 1), (2, 1, 17)], (3, 20)):
        for stride in (1, 2):
            yield (1, channels, filters[1] + 1, filters[2] + 2), filters, {"stride": stride, "pad": 1}


def of_few_channels() -> Iterator[Case]:
    for channels, dtype in product((1, 4, 5, 8, 9), LIMITS):
        for stride, pad in ((1, 0), (2, 3)):
            yield (2, channels, 9, 8), (5, 4, 3), {"stride": stride, "pad": pad, "dtype": dtype}


def of_whole_steps() -> Iterator[Case]:
    """Sums over whole steps of pixels."""
    for channels, (rows, pad), stride in product((4, 20), ((1, 0), (1, 1), (3, 0), (3, 1)), (1, 2)):
        edge = 7 * stride + rows - 2 * pad  # so that there are 2·8·8 windows
        yield (2, channels, edge, edge), (5, rows, rows), {"stride": stride, "pad": pad}


def of_many_channels() -> Iterator[Case]:
    """More than one tile of them."""
    for channels, stride, dtype in product((32, 45, 64), (1, 2), LIMITS):
        yield (2, channels, 5, 6), (67, 3, 2), {"stride": stride, "pad": 1, "dtype": dtype}


def of_layouts() -> Iterator[Case]:
    for layout, stride, filters in product(("channels-last", "strided"), (1, 2), ((4, 3, 3), (4, 1, 1))):
        for channels in (3, 40):
            yield (
                (2, channels, 6, 7),
                filters,
                {"stride": stride, "pad": filters[1] // 2, "layout": layout},
            )


FAMILIES = {
    "strides_and_pads": of_strides_and_pads,
    "filters": of_filters,
    "large_filters": of_large_filters,
    "few_channels": of_few_channels,
    "whole_steps": of_whole_steps,
    "many_channels": of_many_channels,
    "layouts": of_layouts,
}


@pytest.mark.soak(*KERNELS)
@pytest.mark.parametrize("family", FAMILIES)
def test_convolution_is_right_for_every(family: str, rounds: Callable[[int, int], range], seed: int) -> None:
    cases = list(FAMILIES[family]())
    drawn = random.Random(f"{seed} {family}").sample(cases, len(rounds(SAMPLE, len(cases))))
    torch.manual_seed(seed)
    for image, filters, options in drawn:
        for case, error in errors_of(image, filters, **options):
            assert error <= LIMITS[case.split()[0]], f"{case}: {error}"


def copies_made() -> list[bool]:
    from dlc_lib.channels_last import channels_last
    from dlc_lib.triton_conv_forward import triton_conv2d_forward

    x = torch.randn(2, 3, 4, 5)
    last = x.contiguous(memory_format=torch.channels_last)
    out = triton_conv2d_forward(last, torch.ones(2, 3, 3, 3), stride=1, pad=1)
    return [
        channels_last(last).data_ptr() == last.data_ptr(),
        channels_last(x).data_ptr() == x.data_ptr(),
        out.is_contiguous(memory_format=torch.channels_last),
    ]


def test_channels_last_images_are_read_as_they_lie() -> None:
    assert copies_made() == [True, False, True]


def long_sums() -> list[Any]:
    from dlc_lib import triton_conv_weight
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    torch.manual_seed(5)
    dout, x = torch.randn(6, 4, 24, 20), torch.randn(6, 3, 24, 20)
    parts = triton_conv_weight._splits(4, 27, 6 * 24 * 20)
    size = {"kernel_height": 3, "kernel_width": 3, "stride": 1, "pad": 1}
    first = triton_conv2d_backward_weight(dout, x, **size)
    second = triton_conv2d_backward_weight(dout, x, **size)
    wanted = torch.nn.grad.conv2d_weight(x.double(), (4, 3, 3, 3), dout.double(), padding=1)
    error = float((first.double() - wanted).norm() / wanted.norm())
    return [parts, torch.equal(first, second), error]


def test_a_sum_cut_into_parts_gives_the_same_bits_twice() -> None:
    parts, same, error = long_sums()
    assert parts > 1
    assert same
    assert error <= LIMITS["float32"]


def empty_batches() -> list[Any]:
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    x, w, dout = torch.ones(0, 3, 5, 5), torch.ones(2, 3, 3, 3), torch.ones(0, 2, 3, 3)
    size = {"stride": 1, "pad": 0}
    dw = triton_conv2d_backward_weight(dout, x, kernel_height=3, kernel_width=3, **size)
    return [
        list(triton_conv2d_forward(x, w, **size).shape),
        list(triton_conv2d_backward_data(dout, w, height=5, width=5, **size).shape),
        [list(dw.shape), float(dw.abs().sum())],
    ]


def test_a_batch_without_images_gives_no_output_and_zero_gradient() -> None:
    assert empty_batches() == [[0, 2, 3, 3], [0, 3, 5, 5], [[2, 3, 3, 3], 0.0]]


def said(call: Callable[..., object], *inputs: torch.Tensor, **sizes: int) -> str:
    try:
        call(*inputs, **sizes)
    except ValueError as fault:
        return str(fault)
    return "nothing"


def refused_filters() -> list[str]:
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    forward = triton_conv2d_forward
    data, weight = (
        triton_conv2d_backward_data,
        triton_conv2d_backward_weight,
    )
    x, w, dout = torch.ones(1, 2, 4, 6), torch.ones(3, 2, 5, 5), torch.ones(1, 3, 1, 2)
    return [
        said(forward, x, w, stride=1, pad=0),
        said(data, dout, w, height=4, width=6, stride=1, pad=0),
        said(weight, dout, x, kernel_height=5, kernel_width=5, stride=1, pad=0),
    ]


def test_a_filter_that_does_not_fit_is_refused() -> None:
    assert refused_filters() == ["a window of 5 does not fit into 4 pixels padded by 0"] * 3


def refused_inputs() -> list[str]:
    from dlc_lib.triton_conv_data import triton_conv2d_backward_data
    from dlc_lib.triton_conv_forward import triton_conv2d_forward
    from dlc_lib.triton_conv_weight import triton_conv2d_backward_weight

    forward = triton_conv2d_forward
    data, weight = (
        triton_conv2d_backward_data,
        triton_conv2d_backward_weight,
    )
    x, w, dout = torch.ones(1, 2, 4, 6), torch.ones(3, 2, 3, 3), torch.ones(1, 3, 2, 4)
    kernel = {"kernel_height": 3, "kernel_width": 3}
    return [
        said(forward, x[0], w, stride=1, pad=0),
        said(forward, x, w[:, :1], stride=1, pad=0),
        said(forward, x, w, stride=0, pad=0),
        said(forward, x, w, stride=1, pad=-1),
        said(forward, x, w.half(), stride=1, pad=0),
        said(forward, x.double(), w.double(), stride=1, pad=0),
        said(data, dout, w, height=4, width=7, stride=1, pad=0),
        said(weight, dout, x, **kernel, stride=2, pad=0),
        said(weight, dout.expand(2, 3, 2, 4), x, **kernel, stride=1, pad=0),
    ]


def test_inputs_that_do_not_match_are_refused() -> None:
    assert refused_inputs() == [
        "x and w must have 4 axes each, but they have 3 and 4",
        "x has 2 channels, but w has 1",
        "stride must be at least 1 and pad at least 0, but they are 0 and 0",
        "stride must be at least 1 and pad at least 0, but they are 1 and -1",
        "both inputs must have the same dtype, these are float16 and float32",
        "inputs must be float32, float16 or bfloat16, not float64",
        "dout must have shape (N, 3, 2, 5), not (1, 3, 2, 4)",
        "dout must have shape (N, 3, 1, 2), not (1, 3, 2, 4)",
        "x has 1 images, but dout has 2",
    ]


def refused_sizes() -> str:
    from dlc_lib.triton_conv_forward import triton_conv2d_forward

    x = torch.ones(1, 1, 1, 1).expand(2**12, 2**10, 2**5, 2**5)
    w = torch.ones(1, 1, 1, 1).expand(1, 2**10, 1, 1)
    return said(triton_conv2d_forward, x, w, stride=1, pad=0)


def test_a_tensor_too_large_for_32_bit_offsets_is_refused() -> None:
    assert refused_sizes().startswith("a tensor of 4294967296 numbers is too large")
