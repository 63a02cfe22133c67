from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b, *, stride, pad):
    height, width = x.shape[2] + 2 * pad, x.shape[3] + 2 * pad
    if w.shape[2] > height or w.shape[3] > width:
        raise ValueError("the filter does not fit")
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("ncijrs,fcrs->nfij", windows, w, optimize=True)
    return out + b[:, None, None], (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    n, c, h, width = x.shape
    hh, ww = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nfij,ncijrs->fcrs", dout, windows, optimize=True)

    # full correlation of the stretched dout with the turned filters
    big_h, big_w = xp.shape[2] + hh - 1, xp.shape[3] + ww - 1
    stretched = np.zeros((n, w.shape[0], big_h, big_w), dtype=x.dtype)
    ho, wo = dout.shape[2:]
    stretched[:, :, hh - 1 : hh - 1 + stride * ho : stride, ww - 1 : ww - 1 + stride * wo : stride] = dout
    around = sliding_window_view(stretched, (hh, ww), axis=(2, 3))
    dxp = np.einsum("nfijrs,fcrs->ncij", around, w[:, :, ::-1, ::-1], optimize=True)
    return dxp[:, :, pad : pad + h, pad : pad + width], dw, dout.sum(axis=(0, 2, 3))
