"""Convolution on a GPU as a matrix product whose left factor is never laid out in memory.

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
    kind_of_convolution,
    new_channels_last,
    pixels_of,
)
from .gpu import TILES, autotune, edges_of, grouped_tile, launching_on, tap_inside
from .triton_matmul import triton_matmul
from .windows import output_size


@triton.jit(do_not_specialize=["N", "H", "W", "Ho", "Wo"])
def _forward_kernel(
    x_ptr,
    w_ptr,
    out_ptr,
    N,
    H,
    W,
    C,
    F,
    Ho,
    Wo,
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
    """Output: out as a matrix (N·Ho·Wo, F) is cols · wᵀ, where row m of cols is the window of output pixel m.

    A step of the sum reads one tap (r, s) of every window and BLOCK_K channels of it. Images of FEW channels,
    if that is not 0, have the channels of several taps in one step.
    """
    rows = N * Ho * Wo
    row, column = grouped_tile(tl.program_id(0), tl.cdiv(rows, BLOCK_M), tl.cdiv(F, BLOCK_N), GROUP_M)
    pixel = row * BLOCK_M + tl.arange(0, BLOCK_M)
    f = column * BLOCK_N + tl.arange(0, BLOCK_N)
    k = tl.arange(0, BLOCK_K)
    m = pixel % rows
    top = (m // Wo) % Ho * STRIDE - PAD
    left = m % Wo * STRIDE - PAD
    edges = edges_of(top, left, H, W, HH, WW, 1)
    if FEW > 0:
        C = FEW
    x_rows = x_ptr + (((m // (Wo * Ho)) * H + top) * W + left)[:, None] * C
    w_columns = w_ptr + (f % F)[None, :] * (HH * WW * C)
    sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    if FEW > 0:
        for step in range(tl.cdiv(HH * WW * C, BLOCK_K)):
            j = step * BLOCK_K + k
            r = j // C // WW
            s = j // C % WW
            windows = edges[:, None], top[:, None], left[:, None]
            inside = tap_inside(*windows, r[None, :], s[None, :], H, W, HH, WW, 1) & (r < HH)[None, :]
            a = tl.load(x_rows + ((r * W + s) * C + j % C)[None, :], mask=inside, other=0.0)
            b = tl.load(w_columns + j[:, None], mask=j[:, None] < HH * WW * C, other=0.0)
            sums = tl.dot(a, b, sums, input_precision=PRECISION)
    else:
        r = 0
        s = 0
        start = 0
        # At least one step: where there is a way around the loop, ptxas waits for every product in it.
        for _ in range(max(HH * WW * tl.cdiv(C, BLOCK_K), 1)):
            c = start + k
            inside = tap_inside(edges, top, left, r, s, H, W, HH, WW, 1)
            a_ptrs = x_rows + ((r * W + s) * C + c)[None, :]
            b_ptrs = w_columns + ((r * WW + s) * C + c)[:, None]
            if EVEN_K:
                a = tl.load(a_ptrs, mask=inside[:, None], other=0.0)
                b = tl.load(b_ptrs)
            else:
                a = tl.load(a_ptrs, mask=inside[:, None] & (c < C)[None, :], other=0.0)
                b = tl.load(b_ptrs, mask=(c < C)[:, None], other=0.0)
            sums = tl.dot(a, b, sums, input_precision=PRECISION)
            # the next channels, or the first ones of the next tap, without a division
            start += BLOCK_K
            last = start >= C
            start = tl.where(last, 0, start)
            s += last.to(tl.int32)
            last = s == WW
            s = tl.where(last, 0, s)
            r += last.to(tl.int32)
    out_ptrs = out_ptr + pixel[:, None] * F + f[None, :]
    tl.store(out_ptrs, sums.to(out_ptr.dtype.element_ty), mask=(pixel[:, None] < rows) & (f[None, :] < F))


_KEY = ["N", "H", "W", "C", "F", "HH", "WW", "STRIDE", "PAD"]


_even_channels = triton.heuristics({"EVEN_K": lambda arguments: arguments["C"] % arguments["BLOCK_K"] == 0})


FORWARD_KERNELS = {
    kind: autotune(configs, _KEY)(_even_channels(_forward_kernel)) for kind, configs in TILES.items()
}


def triton_conv2d_forward(
    x: torch.Tensor, w: torch.Tensor, *, stride: int, pad: int, tf32: bool = False
) -> torch.Tensor:
    """Slide filters over images (cross-correlation, as is usual in deep learning).

    With xp = x padded by `pad` zeros on each side,

        out[n, f, i, j] = Σ_{c, r, s} xp[n, c, i·stride + r, j·stride + s] · w[f, c, r, s]

    summed in float32.

    Args:
        x: images, shape (N, C, H, W), float32, float16 or bfloat16. One in channels-last memory is read
            as it lies, any other is copied first; likewise w.
        w: filters, shape (F, C, HH, WW), dtype of x.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.
        tf32: whether float32 factors may be rounded to the 10-bit mantissa of TF32.

    Returns:
        out: shape (N, F, Ho, Wo) with Ho = 1 + (H + 2·pad − HH) // stride and Wo likewise; dtype of x,
            channels-last in memory.

    Raises:
        ValueError: the filter does not fit, shapes do not match, dtypes or devices differ, the dtype is
            another one, stride or pad is too small, or a tensor has 2³¹ numbers or more.

    Neither x nor w is changed.

    Source: Chetlur et al., cuDNN: efficient primitives for deep learning (2014), section 3.
    """
    kind = kind_of_convolution(x, w, stride=stride, pad=pad, tf32=tf32, names="x and w")
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    if w.shape[1] != C:
        raise ValueError(f"x has {C} channels, but w has {w.shape[1]}")
    Ho, Wo = output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)
    few = few_channels(C)
    x, w = channels_last(x, few), channels_last(w, few)
    if 0 in (N, C, F):
        return new_channels_last(x, (N, F, Ho, Wo)).zero_()
    if (HH, WW, stride, pad) == (1, 1, 1, 0):
        rows = triton_matmul(pixels_of(x), pixels_of(w).t(), tf32=tf32)
        return rows.reshape(N, H, W, F).permute(0, 3, 1, 2)
    out = new_channels_last(x, (N, F, Ho, Wo))

    def grid(meta: dict[str, Any]) -> tuple[int]:
        return (triton.cdiv(N * Ho * Wo, meta["BLOCK_M"]) * triton.cdiv(F, meta["BLOCK_N"]),)

    with launching_on(x):
        FORWARD_KERNELS[kind][grid](
            *(x, w, out, N, H, W, C, F, Ho, Wo),
            **constants_of(HH, WW, stride, pad, kind),
            FEW=few,
        )
    return out
