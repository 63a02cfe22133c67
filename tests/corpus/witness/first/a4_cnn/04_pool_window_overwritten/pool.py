from __future__ import annotations

import numpy as np


def first_max(window: np.ndarray) -> np.ndarray:
    """1 at the first largest entry of a window, 0 elsewhere."""
    mask = np.zeros(window.size, dtype=window.dtype)
    mask[window.argmax()] = 1
    return mask.reshape(window.shape)


def max_pool_forward(x, *, pool_height, pool_width, stride):
    n, c, h, w = x.shape
    if h < pool_height or w < pool_width:
        raise ValueError("pooling window does not fit")
    out_h = (h - pool_height) // stride + 1
    out_w = (w - pool_width) // stride + 1
    out = np.empty((n, c, out_h, out_w), dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            region = x[:, :, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]
            out[:, :, i, j] = region.max(axis=(2, 3))
    return out, (x, pool_height, pool_width, stride)


def max_pool_backward(dout, cache):
    x, ph, pw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = (n, c, slice(i * stride, i * stride + ph), slice(j * stride, j * stride + pw))
        mask = first_max(x[window])
        dx[window] = mask * dout[n, c, i, j]
    return dx
