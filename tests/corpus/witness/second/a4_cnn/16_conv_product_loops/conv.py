from itertools import product

import numpy as np


def _value(xp, n, c, i, j):
    return xp[n, c, i, j]


def _sizes(x, w, stride, pad):
    h = x.shape[2] + 2 * pad - w.shape[2]
    v = x.shape[3] + 2 * pad - w.shape[3]
    if h < 0 or v < 0:
        raise ValueError("the filter has no place in the image")
    return 1 + h // stride, 1 + v // stride


def conv_forward(x, w, b, *, stride, pad):
    ho, wo = _sizes(x, w, stride, pad)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((x.shape[0], w.shape[0], ho, wo), dtype=x.dtype)
    for n, f, i, j in product(*map(range, out.shape)):
        total = b[f]
        for c in range(w.shape[1]):
            patch = xp[n, c, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            total = total + (patch * w[f, c]).sum()
        out[n, f, i, j] = total
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    H, W = x.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for (f, c, r, s), (i, j) in product(product(*map(range, w.shape)), product(*map(range, dout.shape[2:]))):
        k, l = i * stride + r - pad, j * stride + s - pad
        if 0 <= k < H and 0 <= l < W:
            dw[f, c, r, s] += dout[:, f, i, j] @ x[:, c, k, l]
            dx[:, c, k, l] += dout[:, f, i, j] * w[f, c, r, s]
    return dx, dw, dout.sum(axis=(0, 2, 3))
