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
    few_channels,
    gradient_size,
    kind_of_convolution,
    new_channels_last,
)
from .gpu import TILES, autotune, grouped_tile, launching_on, multiprocessor_count

_WORKSPACE = 2**26  # float32 numbers in the parts of dw, at most


@triton.jit(do_not_specialize=["N", "H", "W", "Ho", "Wo", "SPLITS"])
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
    FEW: tl.constexpr,
    PRECISION: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    GROUP_M: tl.constexpr,
    EVEN_K: tl.constexpr,
):
    """Gradient of the filters: dw as a matrix (F, HH·WW·C) is doutᵀ · cols.

    The sum runs over all N·Ho·Wo output pixels. dw is small and the sum is long, so the second axis of
    the grid cuts the sum into SPLITS parts, each of which writes its own part of the result: dw_ptr holds
    SPLITS matrices. A tile has channels of one tap (r, s); of several where images have FEW channels, if that
    is not 0.
    """
    if FEW > 0:
        C = FEW
    rows = N * Ho * Wo
    columns = HH * WW * C
    blocks = tl.cdiv(C, BLOCK_N)
    tiles_n = tl.cdiv(columns, BLOCK_N) if FEW > 0 else HH * WW * blocks
    row, column = grouped_tile(tl.program_id(0), tl.cdiv(F, BLOCK_M), tiles_n, GROUP_M)
    f = row * BLOCK_M + tl.arange(0, BLOCK_M)
    if FEW > 0:
        j = column * BLOCK_N + tl.arange(0, BLOCK_N)
        fits = j < columns
        c = j % C
        tap = tl.minimum(j // C, HH * WW - 1)
        r = (tap // WW)[None, :]
        s = (tap % WW)[None, :]
    else:
        channel = column % blocks * BLOCK_N + tl.arange(0, BLOCK_N)
        fits = channel < C
        c = channel % C
        j = column // blocks * C + channel
        r = column // blocks // WW
        s = column // blocks % WW
    steps = tl.cdiv(rows, BLOCK_K).to(tl.int64)
    first = (tl.program_id(1) * steps // SPLITS).to(tl.int32)
    last = ((tl.program_id(1) + 1) * steps // SPLITS).to(tl.int32)
    pixel = first * BLOCK_K + tl.arange(0, BLOCK_K)
    wo = pixel % Wo
    ho = pixel // Wo % Ho
    n = pixel // (Wo * Ho)
    dout_ptrs = dout_ptr + (f % F)[:, None] + pixel[None, :] * F
    x_columns = x_ptr + c[None, :]
    sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    # No part is empty, and the compiler is told so: where there is a way around the loop, ptxas waits for
    # every product in it.
    for step in range(max(last - first, 1)):
        k = tl.arange(0, BLOCK_K)
        left = rows - (first + step) * BLOCK_K
        inside = left - 1 - k[:, None]  # negative: beyond the last pixel, or outside of the image
        if HH == 1 and WW == 1 and STRIDE == 1 and PAD == 0:  # windows are pixels
            b_ptrs = x_columns + (pixel + step * BLOCK_K)[:, None] * C
        else:
            h = (ho * STRIDE - PAD)[:, None] + r
            w = (wo * STRIDE - PAD)[:, None] + s
            b_ptrs = x_columns + ((n[:, None] * H + h) * W + w) * C
            if PAD > 0:  # the sign of an OR: one comparison in place of five
                inside = inside | h | w | (H - 1 - h) | (W - 1 - w)
            # the pixels of the next step, by carrying instead of three divisions
            wo += BLOCK_K % Wo
            carry = (wo >= Wo).to(tl.int32)
            wo -= carry * Wo
            ho += BLOCK_K // Wo % Ho + carry
            carry = (ho >= Ho).to(tl.int32)
            ho -= carry * Ho
            n += BLOCK_K // (Wo * Ho) + carry
        a = tl.load(dout_ptrs) if EVEN_K else tl.load(dout_ptrs, mask=(k < left)[None, :], other=0.0)
        b = tl.load(b_ptrs) if EVEN_K and PAD == 0 else tl.load(b_ptrs, mask=inside >= 0, other=0.0)
        sums = tl.dot(a, b, sums, input_precision=PRECISION)
        dout_ptrs += BLOCK_K * F
    dw_ptrs = dw_ptr + tl.program_id(1) * F * columns + f[:, None] * columns + j[None, :]
    tl.store(dw_ptrs, sums.to(dw_ptr.dtype.element_ty), mask=(f < F)[:, None] & fits[None, :])


@triton.jit
def _sum_kernel(parts_ptr, total_ptr, size, parts, BLOCK: tl.constexpr, PARTS: tl.constexpr):
    """total[i] = Σ_p parts[p, i], always in the same order: a second run gives the same bits.

    PARTS parts are read at a time, for one after the other would wait for memory each time.
    """
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), dtype=tl.float32)
    for first in range(0, parts, PARTS):
        part = first + tl.arange(0, PARTS)[:, None]
        ptrs = parts_ptr + part * size + i[None, :]
        total += tl.sum(tl.load(ptrs, mask=(part < parts) & (i < size)[None, :], other=0.0), axis=0)
    tl.store(total_ptr + i, total.to(total_ptr.dtype.element_ty), mask=i < size)


_KEY = ["N", "H", "W", "C", "F", "HH", "WW", "STRIDE", "PAD"]


_even_pixels = triton.heuristics(
    {"EVEN_K": lambda of: of["N"] * of["Ho"] * of["Wo"] % of["BLOCK_K"] == 0},
)


BACKWARD_WEIGHT_KERNELS = {
    kind: autotune(configs, [*_KEY, "SPLITS"])(_even_pixels(_backward_weight_kernel))
    for kind, configs in TILES.items()
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
    few = few_channels(C)
    dout, x = channels_last(dout), channels_last(x, few)
    dw = new_channels_last(x, (F, x.shape[1], HH, WW))
    if 0 in (N, C, F):
        return dw[:, :C].zero_()
    parts, splits = _parts(dw, dout)

    def grid(meta: dict[str, Any]) -> tuple[int, int]:
        block = meta["BLOCK_N"]
        columns = triton.cdiv(HH * WW * few, block) if few else HH * WW * triton.cdiv(C, block)
        return (triton.cdiv(F, meta["BLOCK_M"]) * columns, splits)

    with launching_on(x):
        BACKWARD_WEIGHT_KERNELS[kind][grid](
            *(dout, x, parts, N, H, W, C, F, Ho, Wo, splits),
            **constants_of(HH, WW, stride, pad, kind),
            FEW=few,
        )
        _add(parts, splits, dw)
    return channels_last(dw[:, :C])


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
        _sum_kernel[(triton.cdiv(size, 128),)](parts, dw, size, splits, BLOCK=128, PARTS=16)


def _splits(rows: int, columns: int, length: int) -> int:
    """Parts of a sum of `length` that keep every multiprocessor busy about twice, but none with little."""
    tiles: int = triton.cdiv(rows, 128) * triton.cdiv(columns, 128)
    wanted = -(-2 * multiprocessor_count() // tiles)
    return max(1, min(wanted, length // 512, _WORKSPACE // (rows * columns)))
