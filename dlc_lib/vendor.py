"""What the library's own operations do, for comparison of speed; no task may use them."""

from __future__ import annotations

import torch
from torch.nn import grad
from torch.nn.functional import conv2d


def matmul(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The library's matrix product of shapes (M, K) and (K, N): BLAS on a CPU, cuBLAS on a GPU."""
    return torch.matmul(a, b)


def conv2d_forward(x: torch.Tensor, w: torch.Tensor, *, stride: int, pad: int) -> torch.Tensor:
    """The library's convolution of shapes (N, C, H, W) and (F, C, HH, WW): oneDNN or cuDNN."""
    return conv2d(x, w, stride=stride, padding=pad)


def conv2d_backward_data(
    dout: torch.Tensor, w: torch.Tensor, *, height: int, width: int, stride: int, pad: int
) -> torch.Tensor:
    """The library's gradient of a convolution with respect to its images, shape (N, C, H, W)."""
    shape = (dout.shape[0], w.shape[1], height, width)
    dx: torch.Tensor = grad.conv2d_input(shape, w, dout, stride=stride, padding=pad)
    return dx


def conv2d_backward_weight(
    dout: torch.Tensor, x: torch.Tensor, *, kernel_height: int, kernel_width: int, stride: int, pad: int
) -> torch.Tensor:
    """The library's gradient of a convolution with respect to its filters, shape (F, C, HH, WW)."""
    shape = (dout.shape[1], x.shape[1], kernel_height, kernel_width)
    dw: torch.Tensor = grad.conv2d_weight(x, shape, dout, stride=stride, padding=pad)
    return dw
