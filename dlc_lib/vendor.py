"""What the library's own operations do, for comparison of speed; no task may use them.

float32 factors keep their precision, unless `tf32` lets a GPU round them to the 10-bit mantissa of TF32. A
convolution for tensor cores, of TF32 or 16-bit numbers, runs in the memory layout that is faster on the GPU,
NCHW or channels-last, the conversions it takes included, and by the fastest of cuDNN's algorithms. Both are
found out when a shape is first met, and kept. An exact one runs as it comes: it serves as the right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, cast

import torch
from torch.nn import grad
from torch.nn.functional import conv2d

_LAYOUTS = (torch.contiguous_format, torch.channels_last)
_TRIES = 10  # calls in each layout, of which the fastest counts; cuDNN tries its algorithms in the first


def matmul(a: torch.Tensor, b: torch.Tensor, *, tf32: bool = False) -> torch.Tensor:
    """The library's matrix product of shapes (M, K) and (K, N): BLAS on a CPU, cuBLAS on a GPU."""
    with _settings(tf32=tf32, tries=False):
        return torch.matmul(a, b)


def conv2d_forward(
    x: torch.Tensor, w: torch.Tensor, *, stride: int, pad: int, tf32: bool = False
) -> torch.Tensor:
    """The library's convolution of shapes (N, C, H, W) and (F, C, HH, WW): oneDNN or cuDNN."""
    return _convolved(_forward, x, w, (stride, pad), tf32=tf32)


def conv2d_backward_data(
    dout: torch.Tensor,
    w: torch.Tensor,
    *,
    height: int,
    width: int,
    stride: int,
    pad: int,
    tf32: bool = False,
) -> torch.Tensor:
    """The library's gradient of a convolution with respect to its images, shape (N, C, H, W)."""
    return _convolved(_backward_data, dout, w, (height, width, stride, pad), tf32=tf32)


def conv2d_backward_weight(
    dout: torch.Tensor,
    x: torch.Tensor,
    *,
    kernel_height: int,
    kernel_width: int,
    stride: int,
    pad: int,
    tf32: bool = False,
) -> torch.Tensor:
    """The library's gradient of a convolution with respect to its filters, shape (F, C, HH, WW)."""
    return _convolved(_backward_weight, dout, x, (kernel_height, kernel_width, stride, pad), tf32=tf32)


def _forward(x: torch.Tensor, w: torch.Tensor, stride: int, pad: int) -> torch.Tensor:
    return conv2d(x, w, stride=stride, padding=pad)


def _backward_data(
    dout: torch.Tensor, w: torch.Tensor, height: int, width: int, stride: int, pad: int
) -> torch.Tensor:
    shape = (dout.shape[0], w.shape[1], height, width)
    dx: torch.Tensor = grad.conv2d_input(shape, w, dout, stride=stride, padding=pad)
    return dx


def _backward_weight(
    dout: torch.Tensor, x: torch.Tensor, height: int, width: int, stride: int, pad: int
) -> torch.Tensor:
    shape = (dout.shape[1], x.shape[1], height, width)
    dw: torch.Tensor = grad.conv2d_weight(x, shape, dout, stride=stride, padding=pad)
    return dw


class _Outline(NamedTuple):
    """All of a tensor but its numbers."""

    shape: torch.Size
    dtype: torch.dtype
    device: torch.device
    layout: torch.memory_format


def _convolved(
    operation: Callable[..., torch.Tensor],
    first: torch.Tensor,
    second: torch.Tensor,
    sizes: tuple[int, ...],
    *,
    tf32: bool,
) -> torch.Tensor:
    """The result of an operation; on a GPU it comes in the layout in which it was computed."""
    fast = first.is_cuda and (tf32 or first.itemsize == 2)
    if fast:
        layout = _faster_layout(operation, _outline(first), _outline(second), sizes, tf32=tf32)
        first, second = _laid_out(first, layout), _laid_out(second, layout)
    with _settings(tf32=tf32, tries=fast):
        return operation(first, second, *sizes)


@cache
def _faster_layout(
    operation: Callable[..., torch.Tensor],
    first: _Outline,
    second: _Outline,
    sizes: tuple[int, ...],
    *,
    tf32: bool,
) -> torch.memory_format:
    """The layout in which a GPU is sooner done, where the result is to lie in memory as `first` does."""
    given = [
        _laid_out(torch.randn(each.shape, dtype=each.dtype, device=each.device), each.layout)
        for each in (first, second)
    ]

    def seconds(layout: torch.memory_format) -> float:
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        _laid_out(operation(*(_laid_out(each, layout) for each in given), *sizes), first.layout)
        end.record()
        end.synchronize()
        return float(start.elapsed_time(end))

    with _settings(tf32=tf32, tries=True):
        return min(_LAYOUTS, key=lambda layout: min(seconds(layout) for _ in range(_TRIES)))


def _outline(x: torch.Tensor) -> _Outline:
    last = x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()
    return _Outline(x.shape, x.dtype, x.device, _LAYOUTS[last])


def _laid_out(x: torch.Tensor, layout: torch.memory_format) -> torch.Tensor:
    return x.contiguous(memory_format=layout)


@contextmanager
def _settings(*, tf32: bool, tries: bool) -> Iterator[None]:
    """Let products of float32 be rounded or not, and cuDNN choose by trying or by rule."""
    cublas, cudnn = torch.backends.cuda.matmul, cast(Any, torch.backends.cudnn)
    before = cublas.fp32_precision, cudnn.conv.fp32_precision, cudnn.benchmark
    cublas.fp32_precision = cudnn.conv.fp32_precision = "tf32" if tf32 else "ieee"
    cudnn.benchmark = tries
    try:
        yield
    finally:
        cublas.fp32_precision, cudnn.conv.fp32_precision, cudnn.benchmark = before
