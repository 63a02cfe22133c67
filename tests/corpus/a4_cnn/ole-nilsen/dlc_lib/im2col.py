"""Convolution as one matrix product: every window laid out as a row."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def im2col(x: Array, *, kernel_height: int, kernel_width: int, stride: int, pad: int) -> Array:
    """Lay every window of a batch of images out as one row of a matrix.

    With xp = x padded by `pad` zeros on each side, HH = kernel_height and WW = kernel_width,

        cols[(n·Ho + i)·Wo + j, (c·HH + r)·WW + s] = xp[n, c, i·stride + r, j·stride + s]

    Args:
        x: images, shape (N, C, H, W), float64 or float32.
        kernel_height: HH, rows of a window.
        kernel_width: WW, columns of a window.
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        cols: shape (N·Ho·Wo, C·HH·WW) with Ho = 1 + (H + 2·pad − HH) // stride and Wo likewise;
            dtype of x.

    Raises:
        ValueError: the window does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    x is not changed.

    Source: Chellapilla, Puri and Simard, High performance convolutional neural networks for document
    processing (2006), section 3.
    """
    raise NotImplementedError("a4/im2col")


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
        x: shape (N, C, H, W), dtype of cols.

    cols is not changed.

    Source: Chellapilla, Puri and Simard (2006), section 3, read backwards.
    """
    raise NotImplementedError("a4/col2im")


def conv_im2col_forward(x: Array, w: Array, b: Array, *, stride: int, pad: int) -> tuple[Array, Cache]:
    """What `conv.conv_forward` computes, by one matrix product.

    With cols = im2col(x) and w seen as a matrix of shape (F, C·HH·WW), out is cols · wᵀ + b with its
    axes put in order.

    Args:
        x: images, shape (N, C, H, W), float64 or float32.
        w: filters, shape (F, C, HH, WW).
        b: one bias for each filter, shape (F,).
        stride: pixels from one window to the next, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        out: shape (N, F, Ho, Wo), dtype of x.
        cache: what `conv_im2col_backward` needs; (x, w, stride, pad) is enough.

    Raises:
        ValueError: the filter does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    No input is changed.

    Source: Chellapilla, Puri and Simard (2006), section 3.
    """
    raise NotImplementedError("a4/conv_im2col_forward")


def conv_im2col_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """What `conv.conv_backward` computes, by two matrix products.

    With D = dout as a matrix of shape (N·Ho·Wo, F), its rows in the order of those of cols,

        db = Σ over the rows of D,  dw = Dᵀ · cols,  dx = col2im(D · w)

    Args:
        dout: gradient of the loss with respect to out, shape (N, F, Ho, Wo).
        cache: from `conv_im2col_forward`.

    Returns:
        dx: shape (N, C, H, W), dtype of x.
        dw: shape (F, C, HH, WW).
        db: shape (F,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Chellapilla, Puri and Simard (2006), section 3.
    """
    raise NotImplementedError("a4/conv_im2col_backward")
