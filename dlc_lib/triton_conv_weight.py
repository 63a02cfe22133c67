"""Gradient of a convolution with respect to its filters on a GPU: a long sum, cut into parts.

Tensors are channels-last in memory: x (N, H, W, C), w (F, HH, WW, C), out (N, Ho, Wo, F).
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl

from .channels_last import (
    channels_last,
    constants_of,
    gradient_size,
    kind_of_convolution,
    new_channels_last,
)
from .gpu import TILES, autotune, grouped_tile, launching_on, multiprocessor_count

_FEW_CHANNELS = 16  # below, a step of BLOCK_K numbers takes several taps of the filter
_WORKSPACE = 2**26  # float32 numbers in the parts of dw, at most


@triton.jit
def _backward_weight_kernel(
    dout_ptr,
    x_ptr,
    dw_ptr,
    N,
    H,
    W,
    C,
    F,
    Ho,
    Wo,
    SPLITS,
    HH: tl.constexpr,
    WW: tl.constexpr,
    STRIDE: tl.constexpr,
    PAD: tl.constexpr,
    FLAT: tl.constexpr,
    PRECISION: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    GROUP_M: tl.constexpr,
):
    """Gradient of the filters: dw as a matrix (F, HH·WW·C) is doutᵀ · cols.

    The sum runs over all N·Ho·Wo output pixels. dw is small and the sum is long, so the second axis of
    the grid cuts the sum into SPLITS parts, each of which writes its own part of the result: dw_ptr holds
    SPLITS matrices. A tile has channels of one tap (r, s), or where FLAT, for few channels, of several.
    """
    rows = N * Ho * Wo
    columns = HH * WW * C
    blocks = tl.cdiv(C, BLOCK_N)
    tiles_n = tl.cdiv(columns, BLOCK_N) if FLAT else HH * WW * blocks
    row, column = grouped_tile(tl.program_id(0), tl.cdiv(F, BLOCK_M), tiles_n, GROUP_M)
    f = row * BLOCK_M + tl.arange(0, BLOCK_M)
    if FLAT:
        j = column * BLOCK_N + tl.arange(0, BLOCK_N)
        fits = j < columns
        c = j % C
        tap = (j % columns) // C
        r = (tap // WW)[None, :]
        s = (tap % WW)[None, :]
    else:
        channel = column % blocks * BLOCK_N + tl.arange(0, BLOCK_N)
        fits = channel < C
        c = channel % C
        j = column // blocks * C + channel
        r = column // blocks // WW
        s = column // blocks % WW
    steps = tl.cdiv(rows, BLOCK_K)
    share = tl.cdiv(steps, SPLITS)
    first = tl.program_id(1) * share
    pixel = first * BLOCK_K + tl.arange(0, BLOCK_K)
    wo = pixel % Wo
    ho = pixel // Wo % Ho
    n = pixel // (Wo * Ho)
    dout_ptrs = dout_ptr + (f % F)[:, None] + pixel[None, :] * F
    x_columns = x_ptr + c[None, :]
    sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for step in range(first, min(first + share, steps)):
        left = rows - step * BLOCK_K
        k = tl.arange(0, BLOCK_K)
        h = (ho * STRIDE - PAD)[:, None] + r
        w = (wo * STRIDE - PAD)[:, None] + s
        inside = (h >= 0) & (h < H) & (w >= 0) & (w < W) & (k < left)[:, None]
        a = tl.load(dout_ptrs, mask=(k < left)[None, :], other=0.0)
        b = tl.load(x_columns + ((n[:, None] * H + h) * W + w) * C, mask=inside, other=0.0)
        sums = tl.dot(a, b, sums, input_precision=PRECISION)
        # the pixels of the next step, by carrying instead of three divisions
        dout_ptrs += BLOCK_K * F
        wo += BLOCK_K % Wo
        carry = (wo >= Wo).to(tl.int32)
        wo -= carry * Wo
        ho += BLOCK_K // Wo % Ho + carry
        carry = (ho >= Ho).to(tl.int32)
        ho -= carry * Ho
        n += BLOCK_K // (Wo * Ho) + carry
    dw_ptrs = dw_ptr + tl.program_id(1) * F * columns + f[:, None] * columns + j[None, :]
    tl.store(dw_ptrs, sums.to(dw_ptr.dtype.element_ty), mask=(f < F)[:, None] & fits[None, :])


@triton.jit
def _sum_kernel(parts_ptr, total_ptr, size, parts, BLOCK: tl.constexpr):
    """total[i] = Σ_p parts[p, i], always in the same order: a second run gives the same bits."""
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), dtype=tl.float32)
    for part in range(parts):
        total += tl.load(parts_ptr + part * size + i, mask=i < size, other=0.0)
    tl.store(total_ptr + i, total.to(total_ptr.dtype.element_ty), mask=i < size)


_KEY = ["N", "H", "W", "C", "F", "HH", "WW", "STRIDE", "PAD"]


BACKWARD_WEIGHT_KERNELS = {
    kind: autotune(configs, [*_KEY, "SPLITS"])(_backward_weight_kernel) for kind, configs in TILES.items()
}


def triton_conv2d_backward_weight(
    dout: torch.Tensor,
    x: torch.Tensor,
    *,
    kernel_height: int,
    kernel_width: int,
    stride: int,
    pad: int,
    tf32: bool = False,
) -> torch.Tensor:
    """Gradient of `triton_conv2d_forward` with respect to its filters.

    With xp = x padded by `pad` zeros on each side,

        dw[f, c, r, s] = Σ_{n, i, j} dout[n, f, i, j] · xp[n, c, i·stride + r, j·stride + s]

    The sum is cut into parts that are added at the end, all in float32 and always in the same order: two
    calls on the same GPU with the same configuration give the same bits.

    Args:
        dout: gradient of the loss with respect to out, shape (N, F, Ho, Wo), float32, float16 or bfloat16.
            One in channels-last memory is read as it lies; likewise x.
        x: images, shape (N, C, H, W), dtype of dout.
        kernel_height: HH, rows of a filter.
        kernel_width: WW, columns of a filter.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.
        tf32: whether float32 factors may be rounded to the 10-bit mantissa of TF32.

    Returns:
        dw: shape (F, C, HH, WW), dtype of dout, channels-last in memory.

    Raises:
        ValueError: as `triton_conv2d_forward`, or dout has not the shape of out.

    Neither dout nor x is changed.

    Source: Chetlur et al. (2014), section 3; the cut sum: Osama et al., Stream-K (2023), section 2.
    """
    kind = kind_of_convolution(dout, x, stride=stride, pad=pad, tf32=tf32, names="dout and x")
    (N, C, H, W), F, HH, WW = x.shape, dout.shape[1], kernel_height, kernel_width
    if dout.shape[0] != N:
        raise ValueError(f"x has {N} images, but dout has {dout.shape[0]}")
    Ho, Wo = gradient_size(dout, F, (H, W), (HH, WW), stride=stride, pad=pad)
    dout, x = channels_last(dout), channels_last(x)
    dw = new_channels_last(x, (F, C, HH, WW))
    if 0 in (N, C, F):
        return dw.zero_()
    parts, splits = _parts(dw, dout)
    flat = C < _FEW_CHANNELS

    def grid(meta: dict[str, Any]) -> tuple[int, int]:
        block = meta["BLOCK_N"]
        columns = triton.cdiv(HH * WW * C, block) if flat else HH * WW * triton.cdiv(C, block)
        return (triton.cdiv(F, meta["BLOCK_M"]) * columns, splits)

    with launching_on(x):
        BACKWARD_WEIGHT_KERNELS[kind][grid](
            *(dout, x, parts, N, H, W, C, F, Ho, Wo, splits),
            **constants_of(HH, WW, stride, pad, kind),
            FLAT=flat,
        )
        _add(parts, splits, dw)
    return dw


def _parts(dw: torch.Tensor, dout: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Memory for the parts of the sum, and their number; dw itself where there is but one."""
    splits = _splits(dw.shape[0], dw[0].numel(), dout[:, 0].numel())
    if splits == 1:
        return dw, 1
    return torch.empty(splits * dw.numel(), dtype=torch.float32, device=dw.device), splits


def _add(parts: torch.Tensor, splits: int, dw: torch.Tensor) -> None:
    """Dw is the sum of its parts."""
    if splits > 1:
        size = dw.numel()
        _sum_kernel[(triton.cdiv(size, 256),)](parts, dw, size, splits, BLOCK=256)


def _splits(rows: int, columns: int, length: int) -> int:
    """Parts of a sum of `length` that keep every multiprocessor busy about twice, but none with little."""
    tiles: int = triton.cdiv(rows, 128) * triton.cdiv(columns, 128)
    wanted = -(-2 * multiprocessor_count() // tiles)
    return max(1, min(wanted, length // 512, _WORKSPACE // (rows * columns)))
