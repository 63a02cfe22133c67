"""Right convolutions in Triton, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_FORWARD_OUTPUT_ROWS = """
import torch
import triton
import triton.language as tl


@triton.jit
def _output_row_kernel(
    x_ptr, w_ptr, out_ptr, C, H, W, F, HH, WW, Ho, Wo, xn, xc, xh, xw, wf, wc, wr, ws,
    STRIDE: tl.constexpr, PAD: tl.constexpr, IEEE: tl.constexpr,
    BJ: tl.constexpr, BF: tl.constexpr, BC: tl.constexpr,
):
    n = tl.program_id(0) // Ho
    i = tl.program_id(0) % Ho
    f = tl.program_id(1) * BF + tl.arange(0, BF)
    j = tl.program_id(2) * BJ + tl.arange(0, BJ)
    sums = tl.zeros((BJ, BF), dtype=tl.float32)
    for r in range(HH):
        h = i * STRIDE + r - PAD + 0 * j
        for s in range(WW):
            column = j * STRIDE + s - PAD
            seen = (h >= 0) & (h < H) & (column >= 0) & (column < W)
            for first in range(0, C, BC):
                c = first + tl.arange(0, BC)
                places = x_ptr + n * xn + h[:, None] * xh + column[:, None] * xw + c[None, :] * xc
                a = tl.load(places, mask=seen[:, None] & (c < C)[None, :], other=0.0)
                taps = w_ptr + f[None, :] * wf + c[:, None] * wc + r * wr + s * ws
                b = tl.load(taps, mask=(c < C)[:, None] & (f < F)[None, :], other=0.0)
                sums = tl.dot(a, b, sums, input_precision="ieee" if IEEE else "tf32")
    places = out_ptr + ((n * F + f[None, :]) * Ho + i) * Wo + j[:, None]
    tl.store(places, sums.to(out_ptr.dtype.element_ty), mask=(j < Wo)[:, None] & (f < F)[None, :])


def triton_conv2d_forward(x, w, *, stride, pad, tf32=False):
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1] or x.dtype != w.dtype:
        raise ValueError("x and w do not fit")
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("the filter is larger than the image")
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    out = torch.empty((N, F, Ho, Wo), dtype=x.dtype, device=x.device)
    grid = (N * Ho, triton.cdiv(F, 16), triton.cdiv(Wo, 16))
    _output_row_kernel[grid](
        x, w, out, C, H, W, F, HH, WW, Ho, Wo, *x.stride(), *w.stride(),
        STRIDE=stride, PAD=pad, IEEE=not tf32, BJ=16, BF=16, BC=32,
    )
    return out
"""
_FORWARD_WINDOWS_LAID_OUT = """
def triton_conv2d_forward(x, w, *, stride, pad, tf32=False):
    kind_of_convolution(x, w, stride=stride, pad=pad, tf32=tf32, names="both")
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    if w.shape[2] > x.shape[2] + 2 * pad or w.shape[3] > x.shape[3] + 2 * pad:
        raise ValueError("window")
    padded = torch.nn.functional.pad(x, (pad, pad, pad, pad))
    windows = padded.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
    N, _, Ho, Wo, _, _ = windows.shape
    cols = windows.permute(0, 2, 3, 1, 4, 5).reshape(N * Ho * Wo, -1)
    rows = triton_matmul(cols, w.reshape(w.shape[0], -1).t(), tf32=tf32)
    return rows.view(N, Ho, Wo, w.shape[0]).movedim(3, 1).contiguous()
"""
_DATA_ONE_PASS = """
import torch
import triton
import triton.language as tl


@triton.jit
def _gather_kernel(
    dout_ptr, w_ptr, dx_ptr, pixels, C, H, W, F, HH, WW, Ho, Wo, stride, pad,
    on, of, oh, ow, wf, wc, wr, ws, BP: tl.constexpr, BC: tl.constexpr, BF: tl.constexpr,
):
    pixel = tl.program_id(0) * BP + tl.arange(0, BP)
    c = tl.program_id(1) * BC + tl.arange(0, BC)
    n = pixel // (H * W)
    h = pixel // W % H
    column = pixel % W
    sums = tl.zeros((BP, BC), dtype=tl.float32)
    for tap in range(HH * WW):
        r = tap // WW
        s = tap % WW
        up = h + pad - r
        left = column + pad - s
        i = up // stride
        j = left // stride
        met = (up >= 0) & (left >= 0) & (up % stride == 0) & (left % stride == 0) & (i < Ho) & (j < Wo)
        met = met & (pixel < pixels)
        for first in range(0, F, BF):
            f = first + tl.arange(0, BF)
            places = dout_ptr + (n * on + i * oh + j * ow)[:, None] + f[None, :] * of
            a = tl.load(places, mask=met[:, None] & (f < F)[None, :], other=0.0)
            taps = w_ptr + r * wr + s * ws + f[:, None] * wf + c[None, :] * wc
            b = tl.load(taps, mask=(f < F)[:, None] & (c < C)[None, :], other=0.0)
            sums += tl.dot(a, b, input_precision="ieee")
    places = dx_ptr + (n * C * H * W + h * W + column)[:, None] + c[None, :] * (H * W)
    tl.store(places, sums.to(dx_ptr.dtype.element_ty), mask=(pixel < pixels)[:, None] & (c < C)[None, :])


def triton_conv2d_backward_data(dout, w, *, height, width, stride, pad, tf32=False):
    N, F, Ho, Wo = dout.shape
    C, HH, WW = w.shape[1:]
    if w.shape[0] != F or (Ho - 1) * stride + HH > height + 2 * pad:
        raise ValueError("dout and w do not fit")
    dx = torch.empty((N, C, height, width), dtype=dout.dtype, device=dout.device)
    pixels = N * height * width
    _gather_kernel[triton.cdiv(pixels, 32), triton.cdiv(C, 16)](
        dout, w, dx, pixels, C, height, width, F, HH, WW, Ho, Wo, stride, pad,
        *dout.stride(), *w.stride(), BP=32, BC=16, BF=32,
    )
    return dx
"""
_DATA_BY_THE_FORWARD_PASS = """
from .triton_conv_forward import triton_conv2d_forward


def triton_conv2d_backward_data(dout, w, *, height, width, stride, pad, tf32=False):
    (N, F, Ho, Wo), (_, C, HH, WW) = dout.shape, w.shape
    spread = dout.new_zeros((N, F, height + 2 * pad + HH - 1, width + 2 * pad + WW - 1))
    rows = slice(HH - 1, HH - 1 + Ho * stride, stride)
    columns = slice(WW - 1, WW - 1 + Wo * stride, stride)
    spread[:, :, rows, columns] = dout
    turned = torch.flip(w, (2, 3)).transpose(0, 1)
    dx = triton_conv2d_forward(spread, turned, stride=1, pad=0, tf32=tf32)
    return dx[:, :, pad : pad + height, pad : pad + width].contiguous()
"""
_WEIGHT_A_TAP_A_PROGRAM = """
import torch
import triton
import triton.language as tl


@triton.jit
def _tap_kernel(
    dout_ptr, x_ptr, dw_ptr, rows, C, H, W, F, Ho, Wo, STRIDE: tl.constexpr, PAD: tl.constexpr,
    on, of, oh, ow, xn, xc, xh, xw, WW: tl.constexpr, TAPS: tl.constexpr,
    BF: tl.constexpr, BC: tl.constexpr, BK: tl.constexpr,
):
    tap = tl.program_id(0)
    f = tl.program_id(1) * BF + tl.arange(0, BF)
    c = tl.program_id(2) * BC + tl.arange(0, BC)
    sums = tl.zeros((BF, BC), dtype=tl.float32)
    for first in range(0, rows, BK):
        pixel = first + tl.arange(0, BK)
        n = pixel // (Ho * Wo)
        i = pixel // Wo % Ho
        j = pixel % Wo
        h = i * STRIDE - PAD + tap // WW
        column = j * STRIDE - PAD + tap % WW
        known = pixel < rows
        a_ptrs = dout_ptr + f[:, None] * of + (n * on + i * oh + j * ow)[None, :]
        a = tl.load(a_ptrs, mask=(f < F)[:, None] & known[None, :], other=0.0)
        known = known & (h >= 0) & (h < H) & (column >= 0) & (column < W)
        b_ptrs = x_ptr + (n * xn + h * xh + column * xw)[:, None] + c[None, :] * xc
        b = tl.load(b_ptrs, mask=known[:, None] & (c < C)[None, :], other=0.0)
        sums = tl.dot(a, b, sums, input_precision="ieee")
    places = dw_ptr + (f[:, None] * C + c[None, :]) * TAPS + tap
    tl.store(places, sums.to(dw_ptr.dtype.element_ty), mask=(f < F)[:, None] & (c < C)[None, :])


def triton_conv2d_backward_weight(dout, x, *, kernel_height, kernel_width, stride, pad, tf32=False):
    (N, C, H, W), (images, F, Ho, Wo) = x.shape, dout.shape
    if images != N:
        raise ValueError("dout and x do not fit")
    taps = kernel_height * kernel_width
    dw = torch.empty((F, C, kernel_height, kernel_width), dtype=x.dtype, device=x.device)
    _tap_kernel[taps, triton.cdiv(F, 32), triton.cdiv(C, 32)](
        dout, x, dw, N * Ho * Wo, C, H, W, F, Ho, Wo, stride, pad, *dout.stride(), *x.stride(),
        WW=kernel_width, TAPS=taps, BF=32, BC=32, BK=64,
    )
    return dw
"""
_WEIGHT_AS_A_PRODUCT = """
from .triton_matmul import triton_matmul


def triton_conv2d_backward_weight(dout, x, *, kernel_height, kernel_width, stride, pad, tf32=False):
    padded = torch.nn.functional.pad(x, (pad, pad, pad, pad))
    windows = padded.unfold(2, kernel_height, stride).unfold(3, kernel_width, stride)
    cols = windows.permute(0, 2, 3, 1, 4, 5).flatten(0, 2).flatten(1)
    upstream = dout.transpose(0, 1).flatten(1)
    dw = triton_matmul(upstream, cols, tf32=tf32)
    return dw.reshape(dout.shape[1], x.shape[1], kernel_height, kernel_width)
"""


def _right(name: str, part: str, code: str) -> Variant:
    return Variant(id=name, task="triton_conv", module=f"triton_conv_{part}", code=code)


RIGHT = (
    _right("forward-output-rows", "forward", _FORWARD_OUTPUT_ROWS),
    _right("forward-windows-laid-out", "forward", _FORWARD_WINDOWS_LAID_OUT),
    _right("data-one-pass-over-all-taps", "data", _DATA_ONE_PASS),
    _right("data-by-the-forward-pass", "data", _DATA_BY_THE_FORWARD_PASS),
    _right("weight-a-tap-a-program", "weight", _WEIGHT_A_TAP_A_PROGRAM),
    _right("weight-as-a-product", "weight", _WEIGHT_AS_A_PRODUCT),
)
