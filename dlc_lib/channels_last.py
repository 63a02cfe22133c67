"""Images in channels-last memory, as kernels for tensor cores read them."""

from __future__ import annotations

from typing import Any

import torch

from .gpu import dot_precision, kind_of_product
from .windows import output_size

_LARGEST = 2**31 - 2**12  # numbers in a tensor that 32-bit offsets can tell apart, less one tile


def kind_of_convolution(
    first: torch.Tensor, second: torch.Tensor, *, stride: int, pad: int, tf32: bool, names: str
) -> str:
    """Check what every pass of a convolution asks of its inputs.

    Args:
        first: one factor, four axes.
        second: the other, four axes.
        stride: pixels from one window to the next.
        pad: zeros added at each side.
        tf32: whether float32 factors may be rounded to TF32.
        names: of both factors, for messages.

    Returns:
        The kind of product, as `kind_of_product`.

    Raises:
        ValueError: another number of axes, stride below 1, pad below 0, or as `kind_of_product`.
    """
    if first.ndim != 4 or second.ndim != 4:
        raise ValueError(f"{names} must have 4 axes each, but they have {first.ndim} and {second.ndim}")
    if stride < 1 or pad < 0:
        raise ValueError(f"stride must be at least 1 and pad at least 0, but they are {stride} and {pad}")
    return kind_of_product(first, second, tf32=tf32)


def gradient_size(
    dout: torch.Tensor, F: int, image: tuple[int, int], kernel: tuple[int, int], *, stride: int, pad: int
) -> tuple[int, int]:
    """Check the shape of an upstream gradient.

    Args:
        dout: gradient with respect to the output.
        F: number of filters.
        image: H and W.
        kernel: HH and WW.
        stride: pixels from one window to the next.
        pad: zeros added at each side.

    Returns:
        Ho and Wo.

    Raises:
        ValueError: the filter does not fit, or dout is not of shape (N, F, Ho, Wo).
    """
    Ho = output_size(image[0], kernel[0], stride=stride, pad=pad)
    Wo = output_size(image[1], kernel[1], stride=stride, pad=pad)
    if dout.shape[1:] != (F, Ho, Wo):
        raise ValueError(f"dout must have shape (N, {F}, {Ho}, {Wo}), not {tuple(dout.shape)}")
    return Ho, Wo


def few_channels(C: int) -> int:
    """To how many channels images of few channels are filled up with zeros.

    A pixel of 4 or 8 channels is read in one piece, and one step of a sum takes several pixels.

    Args:
        C: number of channels.

    Returns:
        4 or 8 for up to as many channels, 0 for more.
    """
    return next((channels for channels in (4, 8) if channels >= C), 0)


def channels_last(x: torch.Tensor, least: int = 0) -> torch.Tensor:
    """Images with the channels of a pixel side by side in memory.

    Args:
        x: shape (N, C, H, W), any strides.
        least: number of channels; where x has fewer, zeros are added.

    Returns:
        x itself where it lies so already and has enough channels, a copy otherwise.

    Raises:
        ValueError: too many numbers for 32-bit offsets.
    """
    N, C, H, W = x.shape
    if least <= C:
        _check_size(x.numel())
        return x.contiguous(memory_format=torch.channels_last)
    filled = new_channels_last(x, (N, least, H, W)).zero_()
    filled[:, :C] = x
    return filled


def new_channels_last(like: torch.Tensor, shape: tuple[int, int, int, int]) -> torch.Tensor:
    """Uninitialized images in channels-last memory.

    Args:
        like: gives dtype and device.
        shape: (N, C, H, W).

    Returns:
        A tensor of that shape. Its strides are channels-last also where an axis is 1, of which
        `memory_format` is not sure.

    Raises:
        ValueError: too many numbers for 32-bit offsets.
    """
    N, C, H, W = shape
    _check_size(N * C * H * W)
    return torch.empty((N, H, W, C), dtype=like.dtype, device=like.device).permute(0, 3, 1, 2)


def pixels_of(x: torch.Tensor) -> torch.Tensor:
    """All pixels of channels-last images as a matrix.

    Args:
        x: shape (N, C, H, W), channels-last in memory.

    Returns:
        A view of shape (N·H·W, C).
    """
    return x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])


def constants_of(HH: int, WW: int, stride: int, pad: int, kind: str) -> dict[str, Any]:
    """What a kernel of a convolution knows when it is compiled.

    Args:
        HH: rows of a filter.
        WW: columns of a filter.
        stride: pixels from one window to the next.
        pad: zeros added at each side.
        kind: of product, as `kind_of_product` tells.

    Returns:
        Keywords HH, WW, STRIDE, PAD and PRECISION, the last for `tl.dot`.
    """
    return {"HH": HH, "WW": WW, "STRIDE": stride, "PAD": pad, "PRECISION": dot_precision(kind)}


def _check_size(numbers: int) -> None:
    if numbers > _LARGEST:
        raise ValueError(f"a tensor of {numbers} numbers is too large: at most {_LARGEST} are supported")
