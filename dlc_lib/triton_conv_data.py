"""Gradient of a convolution with respect to its images on a GPU, a phase of the stride at a time.

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
    pixels_of,
)
from .gpu import TILES, autotune, edges_of, grouped_tile, launching_on, tap_inside
from .triton_matmul import triton_matmul


@triton.jit(do_not_specialize=["N", "H", "W", "Ho", "Wo"])
def _backward_data_kernel(
    dout_ptr,
    w_ptr,
    dx_ptr,
    N,
    H,
    W,
    C,
    F,
    Ho,
    Wo,
    stride_wf,
    stride_wr,
    stride_ws,
    stride_wc,
    HH: tl.constexpr,
    WW: tl.constexpr,
    STRIDE: tl.constexpr,
    PAD: tl.constexpr,
    PRECISION: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    GROUP_M: tl.constexpr,
    EVEN_K: tl.constexpr,
):
    """Gradient of the images, one phase of the stride for each index of the second axis of the grid.

    The STRIDE² phases of dx are the pixels with the same p = (h + PAD) mod STRIDE and q = (w + PAD) mod
    STRIDE. They meet the same taps of the filter, r = p + STRIDE·t and s = q + STRIDE·u, so each phase
    is a convolution of step 1 with a smaller filter, without the zeros between two strides:

        dx[n, h, w, c] = Σ_{t, u, f} dout[n, i − t, j − u, f] · w[f, p + STRIDE·t, q + STRIDE·u, c]

    with i = (h + PAD) // STRIDE and j = (w + PAD) // STRIDE.
    """
    phase_h = tl.program_id(1) // STRIDE
    phase_w = tl.program_id(1) % STRIDE
    first_h = (phase_h + PAD * (STRIDE - 1)) % STRIDE
    first_w = (phase_w + PAD * (STRIDE - 1)) % STRIDE
    height = (H - first_h + STRIDE - 1) // STRIDE
    width = (W - first_w + STRIDE - 1) // STRIDE
    taps_h = (HH - phase_h + STRIDE - 1) // STRIDE
    taps_w = (WW - phase_w + STRIDE - 1) // STRIDE
    rows = N * height * width
    tiles_m = tl.cdiv(rows, BLOCK_M)
    tiles_n = tl.cdiv(C, BLOCK_N)
    if tl.program_id(0) >= tiles_m * tiles_n:  # this phase has fewer pixels than the largest one
        return
    row, column = grouped_tile(tl.program_id(0), tiles_m, tiles_n, GROUP_M)
    pixel = row * BLOCK_M + tl.arange(0, BLOCK_M)
    c = column * BLOCK_N + tl.arange(0, BLOCK_N)
    k = tl.arange(0, BLOCK_K)
    m = pixel % rows
    n = m // (width * height)
    h = first_h + (m // width) % height * STRIDE
    w = first_w + m % width * STRIDE
    i = (h + PAD) // STRIDE
    j = (w + PAD) // STRIDE
    dout_rows = dout_ptr + ((n * Ho + i) * Wo + j)[:, None] * F
    w_columns = w_ptr + phase_h * stride_wr + phase_w * stride_ws + (c % C)[None, :] * stride_wc
    # the outputs that a pixel of dx took part in lie above it and to its left
    STEP: tl.constexpr = -1
    TAPS_H: tl.constexpr = (HH + STRIDE - 1) // STRIDE
    TAPS_W: tl.constexpr = (WW + STRIDE - 1) // STRIDE
    edges = edges_of(i, j, Ho, Wo, TAPS_H, TAPS_W, STEP)
    dx_rows = (n * H + h) * W + w
    sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    t = 0
    u = 0
    start = 0
    for _ in range(taps_h * taps_w * tl.cdiv(F, BLOCK_K)):
        f = start + k
        inside = tap_inside(edges, i, j, t, u, Ho, Wo, TAPS_H, TAPS_W, STEP)
        a_ptrs = dout_rows + (f + STEP * (t * Wo + u) * F)[None, :]
        b_ptrs = w_columns + (t * STRIDE * stride_wr + u * STRIDE * stride_ws + f * stride_wf)[:, None]
        if EVEN_K:
            a = tl.load(a_ptrs, mask=inside[:, None], other=0.0)
            b = tl.load(b_ptrs)
        else:
            a = tl.load(a_ptrs, mask=inside[:, None] & (f < F)[None, :], other=0.0)
            b = tl.load(b_ptrs, mask=(f < F)[:, None], other=0.0)
        sums = tl.dot(a, b, sums, input_precision=PRECISION)
        # the next filters, or the first ones at the next tap, without a division
        start += BLOCK_K
        last = start >= F
        start = tl.where(last, 0, start)
        u += last.to(tl.int32)
        last = u == taps_w
        u = tl.where(last, 0, u)
        t += last.to(tl.int32)
    dx_ptrs = dx_ptr + dx_rows[:, None] * C + c[None, :]
    tl.store(dx_ptrs, sums.to(dx_ptr.dtype.element_ty), mask=(pixel[:, None] < rows) & (c[None, :] < C))


_KEY = ["N", "H", "W", "C", "F", "HH", "WW", "STRIDE", "PAD"]


_even_filters = triton.heuristics({"EVEN_K": lambda arguments: arguments["F"] % arguments["BLOCK_K"] == 0})


BACKWARD_DATA_KERNELS = {
    kind: autotune(configs, _KEY)(_even_filters(_backward_data_kernel)) for kind, configs in TILES.items()
}


def triton_conv2d_backward_data(
    dout: torch.Tensor,
    w: torch.Tensor,
    *,
    height: int,
    width: int,
    stride: int,
    pad: int,
    tf32: bool = False,
) -> torch.Tensor:
    """Gradient of `triton_conv2d_forward` with respect to its images.

        dx[n, c, h, w] = Σ dout[n, f, i, j] · w[f, c, r, s]

    over all f, i, j, r, s with i·stride + r = h + pad and j·stride + s = w + pad.

    Args:
        dout: gradient of the loss with respect to out, shape (N, F, Ho, Wo), float32, float16 or bfloat16.
            One in channels-last memory is read as it lies; likewise w.
        w: filters, shape (F, C, HH, WW), dtype of dout.
        height: H, rows of an image.
        width: W, columns of an image.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.
        tf32: whether float32 factors may be rounded to the 10-bit mantissa of TF32.

    Returns:
        dx: shape (N, C, H, W), dtype of dout, channels-last in memory.

    Raises:
        ValueError: as `triton_conv2d_forward`, or dout has not the shape of out.

    Neither dout nor w is changed.

    Source: Chetlur et al. (2014), section 3; by phases of the stride: Dumoulin and Visin, A guide to
    convolution arithmetic for deep learning (2016), section 4.
    """
    kind = kind_of_convolution(dout, w, stride=stride, pad=pad, tf32=tf32, names="dout and w")
    N, (F, C, HH, WW) = dout.shape[0], w.shape
    Ho, Wo = gradient_size(dout, F, (height, width), (HH, WW), stride=stride, pad=pad)
    dout, w = channels_last(dout), channels_last(w)
    if 0 in (N, C, F):
        return new_channels_last(dout, (N, C, height, width)).zero_()
    if (HH, WW, stride, pad) == (1, 1, 1, 0):
        rows = triton_matmul(pixels_of(dout), pixels_of(w), tf32=tf32)
        return rows.reshape(N, height, width, C).permute(0, 3, 1, 2)
    dx = new_channels_last(dout, (N, C, height, width))
    w = _laid_out(w, kind)
    stride_wf, stride_wc, stride_wr, stride_ws = w.stride()
    pixels = N * triton.cdiv(height, stride) * triton.cdiv(width, stride)

    def grid(meta: dict[str, Any]) -> tuple[int, int]:
        tiles = triton.cdiv(pixels, meta["BLOCK_M"]) * triton.cdiv(C, meta["BLOCK_N"])
        return (tiles, stride * stride)

    with launching_on(dout):
        BACKWARD_DATA_KERNELS[kind][grid](
            *(dout, w, dx, N, height, width, C, F, Ho, Wo),
            *(stride_wf, stride_wr, stride_ws, stride_wc),
            **constants_of(HH, WW, stride, pad, kind),
        )
    return dx


def _laid_out(w: torch.Tensor, kind: str) -> torch.Tensor:
    """Hopper's tensor cores read 32-bit factors only along the axis of the sum, which is F."""
    return w.permute(1, 2, 3, 0).contiguous().permute(3, 0, 1, 2) if kind == "tf32" else w
