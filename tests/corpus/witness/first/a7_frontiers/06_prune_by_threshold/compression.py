import numpy as np


def magnitude_prune(w, *, sparsity):
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity")
    k = round(sparsity * w.size)
    if k == 0:
        return w.copy(), np.ones_like(w)
    magnitudes = np.sort(np.abs(w), axis=None)
    threshold = magnitudes[k - 1]
    mask = (np.abs(w) > threshold).astype(w.dtype)
    return w * mask, mask


def pruned_step(w, dw, mask, *, lr):
    next_w = w - lr * dw
    next_w[mask == 0] = 0
    return next_w


def binarize_forward(w):
    D, M = w.shape
    alpha = np.sum(np.abs(w), axis=0) / D
    sign = np.ones_like(w)
    sign[w < 0] = -1
    return sign * alpha, w


def binarize_backward(dout, cache):
    w = cache
    alpha = np.sum(np.abs(w), axis=0) / w.shape[0]
    inside = ((w >= -1) & (w <= 1)).astype(w.dtype)
    return dout * inside * alpha
