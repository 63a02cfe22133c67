"""Convolution by its definition: one window at a time, slow and plain."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache
from .windows import output_size


def conv_forward(x: Array, w: Array, b: Array, *, stride: int, pad: int) -> tuple[Array, Cache]:
    """Convolve a batch of images with filters (cross-correlation: no filter is flipped).

    With xp = x padded by `pad` zeros on each of the four sides of each image,

        out[n, f, i, j] = b[f] + Σ_c Σ_r Σ_s xp[n, c, i·stride + r, j·stride + s] · w[f, c, r, s]

    Args:
        x: images, shape (N, C, H, W), float64.
        w: filters, shape (F, C, HH, WW).
        b: one bias for each filter, shape (F,).
        stride: pixels from one window to the next, down and across, at least 1.
        pad: zeros added at each side of each image, at least 0.

    Returns:
        out: shape (N, F, Ho, Wo) with Ho = 1 + (H + 2·pad − HH) // stride and
            Wo = 1 + (W + 2·pad − WW) // stride; float64.
        cache: what `conv_backward` needs; (x, w, stride, pad) is enough.

    Raises:
        ValueError: the filter does not fit, that is HH > H + 2·pad or WW > W + 2·pad.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.6.
    """
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    Ho, Wo = output_size(H, HH, stride=stride, pad=pad), output_size(W, WW, stride=stride, pad=pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.empty((N, F, Ho, Wo), dtype=x.dtype)
    for n, f, i, j in np.ndindex(N, F, Ho, Wo):
        top, left = i * stride, j * stride
        window = padded[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, stride, pad)


def conv_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to what `conv_forward` was given.

    With dxp the gradient of the padded images and sums over every n, i, j,

        db[f]          = Σ dout[n, f, i, j]
        dw[f, c, r, s] = Σ dout[n, f, i, j] · xp[n, c, i·stride + r, j·stride + s]
        dxp[n, c, i·stride + r, j·stride + s] receives dout[n, f, i, j] · w[f, c, r, s]
            from every window (i, j) and filter f that reads it

    and dx is dxp without its padding.

    Args:
        dout: gradient of the loss with respect to out, shape (N, F, Ho, Wo).
        cache: from `conv_forward`.

    Returns:
        dx: shape (N, C, H, W), float64.
        dw: shape (F, C, HH, WW).
        db: shape (F,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.5.
    """
    x, w, stride, pad = cache
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dpadded[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * padded[n, :, top : top + HH, left : left + WW]
    dx = dpadded[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))
