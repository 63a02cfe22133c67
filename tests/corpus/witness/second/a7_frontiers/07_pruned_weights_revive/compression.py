from __future__ import annotations

import numpy as np


def magnitude_prune(w, *, sparsity):
    if np.isnan(sparsity) or not 0 <= sparsity <= 1:
        raise ValueError(f"{sparsity=}")
    k = int(round(float(sparsity) * w.size))
    rank = np.empty(w.size, dtype=int)
    rank[np.argsort(np.abs(w), axis=None)] = np.arange(w.size)
    mask = (rank >= k).astype(w.dtype).reshape(w.shape)
    return np.where(mask > 0, w, 0).astype(w.dtype), mask


def pruned_step(w, dw, mask, *, lr):
    masked_gradient = dw * mask
    return w - lr * masked_gradient


def _scale(w):
    return np.add.reduce(np.abs(w), axis=0) / w.shape[0]


def binarize_forward(w):
    return np.copysign(_scale(w), np.where(w < 0, -1.0, 1.0)).astype(w.dtype), w


def binarize_backward(dout, cache):
    w = cache
    blocked = np.abs(w) > 1
    dw = _scale(w) * dout
    dw[blocked] = 0
    return dw
