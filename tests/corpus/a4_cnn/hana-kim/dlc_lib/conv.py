"""Convolution by its definition: one window at a time, slow and plain."""

from __future__ import annotations

import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("filter is bigger than the image")
    Hout = 1 + (H + 2 * pad - HH) // stride
    Wout = 1 + (W + 2 * pad - WW) // stride
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, Hout, Wout), dtype=x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(Hout):
                for j in range(Wout):
                    # cut out the window that belongs to output pixel (i, j)
                    hs = i * stride
                    ws = j * stride
                    window = xpad[n, :, hs : hs + HH, ws : ws + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    N, F, Hout, Wout = dout.shape
    _, _, HH, WW = w.shape
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxpad = np.zeros_like(xpad)
    dw = np.zeros_like(w)
    db = np.zeros(F, dtype=w.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(Hout):
                for j in range(Wout):
                    g = dout[n, f, i, j]
                    hs, ws = i, j
                    db[f] += g
                    dw[f] += g * xpad[n, :, hs : hs + HH, ws : ws + WW]
                    dxpad[n, :, hs : hs + HH, ws : ws + WW] += g * w[f]
    # pad:-pad breaks for pad = 0 so use the real size
    H, W = x.shape[2], x.shape[3]
    dx = dxpad[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db
