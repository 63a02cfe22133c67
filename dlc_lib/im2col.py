"""Convolution as one matrix product: every window laid out as a row."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .arrays import Array, Cache
from .windows import output_size


def im2col(x: Array, *, kernel_height: int, kernel_width: int, stride: int, pad: int) -> Array:
    """Lay every window of a batch of images out as one row of a matrix.

    With xp = x padded by `pad` zeros on each side, HH = kernel_height and WW = kernel_width,

        cols[(n·Ho + i)·Wo + j, (c·HH + r)·WW + s] = xp[n, c, i·stride + r, j·stride + s]

    Args:
        x: images, shape (N, C, H, W), float64.
        kernel_height: HH, rows of a window.
        kernel_width: WW, columns of a window.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        cols: shape (N·Ho·Wo, C·HH·WW) with Ho = 1 + (H + 2·pad − HH) // stride and Wo likewise,
            float64.

    Raises:
        ValueError: the window does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    x is not changed.

    Source: Chellapilla, Puri and Simard, High performance convolutional neural networks for document
    processing (2006), section 3.
    """
    C, HH, WW = x.shape[1], kernel_height, kernel_width
    output_size(x.shape[2], HH, stride=stride, pad=pad)
    output_size(x.shape[3], WW, stride=stride, pad=pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, C * HH * WW)


def col2im(
    cols: Array,
    shape: tuple[int, int, int, int],
    *,
    kernel_height: int,
    kernel_width: int,
    stride: int,
    pad: int,
) -> Array:
    """Add every entry of a matrix of windows to the pixel that `im2col` reads it from.

    The transpose of `im2col` as a linear map, not its inverse: a pixel that lies in k windows receives
    the sum of k entries. Entries read from the padding are dropped.

    Args:
        cols: matrix of windows, shape (N·Ho·Wo, C·HH·WW), laid out as `im2col` says.
        shape: (N, C, H, W) of the images.
        kernel_height: HH, rows of a window.
        kernel_width: WW, columns of a window.
        stride: pixels from one window to the next, at least 1.
        pad: zeros at each side of each image, at least 0.

    Returns:
        x: shape (N, C, H, W), float64.

    cols is not changed.

    Source: Chellapilla, Puri and Simard (2006), section 3, read backwards.
    """
    (N, C, H, W), HH, WW = shape, kernel_height, kernel_width
    Ho, Wo = output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)
    windows = cols.reshape(N, Ho, Wo, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for r, s in np.ndindex(HH, WW):
        padded[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride] += windows[:, :, r, s]
    return padded[:, :, pad : pad + H, pad : pad + W]


def conv_im2col_forward(x: Array, w: Array, b: Array, *, stride: int, pad: int) -> tuple[Array, Cache]:
    """What `conv.conv_forward` computes, by one matrix product.

    With cols = im2col(x) and w seen as a matrix of shape (F, C·HH·WW), out is cols · wᵀ + b with its
    axes put in order.

    Args:
        x: images, shape (N, C, H, W), float64; float32 where speed is measured.
        w: filters, shape (F, C, HH, WW).
        b: one bias for each filter, shape (F,).
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        out: shape (N, F, Ho, Wo), float64 for float64.
        cache: what `conv_im2col_backward` needs; (x, w, stride, pad) is enough.

    Raises:
        ValueError: the filter does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    No input is changed.

    Source: Chellapilla, Puri and Simard (2006), section 3.
    """
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    Ho, Wo = output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    out = cols @ w.reshape(F, -1).T + b
    return out.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2), (x, w, stride, pad)


def conv_im2col_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """What `conv.conv_backward` computes, by two matrix products.

    With D = dout as a matrix of shape (N·Ho·Wo, F), its rows in the order of those of cols,

        db = Σ over the rows of D,  dw = Dᵀ · cols,  dx = col2im(D · w)

    Args:
        dout: gradient of the loss with respect to out, shape (N, F, Ho, Wo).
        cache: from `conv_im2col_forward`.

    Returns:
        dx: shape (N, C, H, W), float64.
        dw: shape (F, C, HH, WW).
        db: shape (F,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Chellapilla, Puri and Simard (2006), section 3.
    """
    x, w, stride, pad = cache
    F, _, HH, WW = w.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    rows = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = (rows.T @ cols).reshape(w.shape)
    dcols = rows @ w.reshape(F, -1)
    dx = col2im(dcols, x.shape, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    return dx, dw, rows.sum(axis=0)
