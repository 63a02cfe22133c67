"""Convolution as a sum of HH*WW shifted products."""

from itertools import product

import numpy as np


def _prepare(x, w, stride, pad):
    HH, WW = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    if HH > xp.shape[2] or WW > xp.shape[3]:
        raise ValueError("The filter is larger than the padded image.")
    Ho, Wo = 1 + (xp.shape[2] - HH) // stride, 1 + (xp.shape[3] - WW) // stride

    def tap(r, s):
        """Pixels that meet weight (r, s), one for each output place."""
        return (..., slice(r, r + (Ho - 1) * stride + 1, stride), slice(s, s + (Wo - 1) * stride + 1, stride))

    return xp, Ho, Wo, tap


def conv_forward(x, w, b, *, stride, pad):
    xp, Ho, Wo, tap = _prepare(x, w, stride, pad)
    out = np.zeros((len(x), len(w), Ho, Wo), x.dtype)
    for r, s in product(range(w.shape[2]), range(w.shape[3])):
        out += np.einsum("ncij,fc->nfij", xp[tap(r, s)], w[:, :, r, s])
    return out + b.reshape(1, -1, 1, 1), (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    xp, Ho, Wo, tap = _prepare(x, w, stride, pad)
    dxp, dw = np.zeros(xp.shape, x.dtype), np.zeros(w.shape, w.dtype)
    for r, s in product(range(w.shape[2]), range(w.shape[3])):
        dw[:, :, r, s] = np.einsum("nfij,ncij->fc", dout, xp[tap(r, s)])
        dxp[tap(r, s)] += np.einsum("nfij,fc->ncij", dout, w[:, :, r, s])
    H, W = x.shape[2:]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, np.einsum("nfij->f", dout)
