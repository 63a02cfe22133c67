import numpy as np


def magnitude_prune(w, *, sparsity):
    if not 0.0 <= sparsity <= 1.0:
        raise ValueError(f"sparsity must be between 0 and 1, not {sparsity}")
    k = int(np.rint(sparsity * w.size))
    mask = np.ones(w.size, dtype=w.dtype)
    if 0 < k < w.size:
        mask[np.argpartition(np.abs(w).ravel(), k - 1)[:k]] = 0
    elif k == w.size:
        mask[:] = 0
    mask = mask.reshape(w.shape)
    return w * mask, mask


def pruned_step(w, dw, mask, *, lr):
    return np.where(mask == 1, w - lr * dw, 0).astype(w.dtype, copy=False)


def binarize_forward(w):
    alpha = np.abs(w).mean(axis=0)
    return np.where(w >= 0, alpha, -alpha), (w, alpha)


def binarize_backward(dout, cache):
    w, alpha = cache
    return np.where(np.abs(w) <= 1, alpha * dout, 0).astype(w.dtype, copy=False)
