from __future__ import annotations

import numpy as np

DTYPE = np.float32  # twice as fast as float64


def conv_forward(x, w, b, *, stride, pad):
    if w.shape[2] > x.shape[2] + 2 * pad or w.shape[3] > x.shape[3] + 2 * pad:
        raise ValueError("filter does not fit into the image")
    F, C, HH, WW = w.shape
    xp = np.pad(x.astype(DTYPE), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    weights = w.astype(DTYPE).reshape(F, -1)
    Ho = 1 + (xp.shape[2] - HH) // stride
    Wo = 1 + (xp.shape[3] - WW) // stride
    out = np.empty((x.shape[0], F, Ho, Wo), dtype=x.dtype)
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = patch.reshape(len(x), -1) @ weights.T + b.astype(DTYPE)
    return out, (xp, x, w, stride, pad)


def conv_backward(dout, cache):
    xp, x, w, stride, pad = cache
    F, C, HH, WW = w.shape
    N, _, Ho, Wo = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros((F, C * HH * WW), dtype=w.dtype)
    for i in range(Ho):
        for j in range(Wo):
            place = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            dw += dout[:, :, i, j].T @ xp[place].reshape(N, -1)
            dxp[place] += (dout[:, :, i, j] @ w.reshape(F, -1)).reshape(N, C, HH, WW)
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw.reshape(w.shape), dout.sum((0, 2, 3))
