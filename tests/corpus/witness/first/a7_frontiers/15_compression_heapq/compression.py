from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass
class Binarized:
    inside: np.ndarray
    alpha: np.ndarray


def magnitude_prune(w, *, sparsity):
    if sparsity > 1 or sparsity < 0:
        raise ValueError("sparsity is a share from 0 to 1")
    magnitudes = np.abs(w).ravel()
    k = int(np.round(sparsity * magnitudes.size))
    gone = heapq.nsmallest(k, range(magnitudes.size), key=magnitudes.__getitem__)
    mask = np.ones_like(w)
    mask.reshape(-1)[gone] = 0
    pruned = w.copy()
    pruned[mask == 0] = 0
    return pruned, mask


def pruned_step(w, dw, mask, *, lr):
    return np.where(mask, w - lr * dw, np.zeros_like(w))


def binarize_forward(w):
    alpha = np.einsum("dm->m", np.abs(w)) / len(w)
    signs = np.where(np.less(w, 0), -1, 1).astype(w.dtype)
    return signs * alpha, Binarized(np.abs(w) <= 1, alpha)


def binarize_backward(dout, cache):
    return np.where(cache.inside, cache.alpha * dout, 0).astype(dout.dtype)
