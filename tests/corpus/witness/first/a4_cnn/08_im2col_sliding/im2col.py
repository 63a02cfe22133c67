from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _places(shape, kh, kw, stride, pad) -> tuple[int, int]:
    h, w = shape[2] + 2 * pad, shape[3] + 2 * pad
    if kh > h or kw > w:
        raise ValueError(f"a {kh}x{kw} window does not fit into {h}x{w}")
    return 1 + (h - kh) // stride, 1 + (w - kw) // stride


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    n, c = x.shape[:2]
    ho, wo = _places(x.shape, kernel_height, kernel_width, stride, pad)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    view = sliding_window_view(xp, (kernel_height, kernel_width), axis=(2, 3))[:, :, ::stride, ::stride]
    assert view.shape[2:4] == (ho, wo)
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(n * ho * wo, c * kernel_height * kernel_width)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    n, c, h, w = shape
    ho, wo = _places(shape, kernel_height, kernel_width, stride, pad)
    taps = cols.reshape(n, ho, wo, c, kernel_height, kernel_width).transpose(4, 5, 0, 3, 1, 2)
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad), dtype=cols.dtype)
    for r in range(kernel_height):
        for s in range(kernel_width):
            xp[:, :, r : r + stride * ho : stride, s : s + stride * wo : stride] += taps[r, s]
    return xp[:, :, pad : pad + h, pad : pad + w]


def conv_im2col_forward(x, w, b, *, stride, pad):
    f, _, kh, kw = w.shape
    ho, wo = _places(x.shape, kh, kw, stride, pad)
    cols = im2col(x, kernel_height=kh, kernel_width=kw, stride=stride, pad=pad)
    out = cols @ w.reshape(f, -1).T + b
    return out.reshape(len(x), ho, wo, f).transpose(0, 3, 1, 2), (x.shape, cols, w, stride, pad)


def conv_im2col_backward(dout, cache):
    shape, cols, w, stride, pad = cache
    f, _, kh, kw = w.shape
    rows = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dw = (rows.T @ cols).reshape(w.shape)
    dx = col2im(
        rows @ w.reshape(f, -1), shape, kernel_height=kh, kernel_width=kw, stride=stride, pad=pad
    )
    return dx, dw, rows.sum(axis=0)
