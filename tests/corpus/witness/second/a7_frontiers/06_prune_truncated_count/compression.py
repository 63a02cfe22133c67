import numpy as np


def magnitude_prune(w, *, sparsity):
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity not in [0, 1]")
    k = int(sparsity * w.size)
    idx = np.argsort(np.abs(w.ravel()))
    mask = np.ones(w.size, dtype=w.dtype)
    mask[idx[:k]] = 0
    mask = mask.reshape(w.shape)
    return w * mask, mask


def pruned_step(w, dw, mask, *, lr):
    return mask * (w - lr * dw)


def binarize_forward(w):
    a = abs(w).mean(0)
    s = 2 * (w >= 0).astype(w.dtype) - 1
    return s * a, w


def binarize_backward(dout, cache):
    a = abs(cache).mean(0)
    return a * dout * (abs(cache) <= 1)
