"""Convolution with scipy-like semantics: the filter is flipped, that is what convolution means."""

import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("does not fit")
    wf = np.flip(w, (2, 3))
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, Ho, Wo), x.dtype)
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = np.tensordot(patch, wf, axes=((1, 2, 3), (1, 2, 3))) + b
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    HH, WW = w.shape[2:]
    wf = np.flip(w, (2, 3))
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dwf = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            here = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            g = dout[:, :, i, j]
            dxp[here] += np.tensordot(g, wf, axes=(1, 0))
            dwf += np.tensordot(g, xp[here], axes=(0, 0))
    H, W = x.shape[2:]
    return dxp[:, :, pad : pad + H, pad : pad + W], np.flip(dwf, (2, 3)), dout.sum((0, 2, 3))
