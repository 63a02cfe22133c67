import numpy as np


def magnitude_prune(w, *, sparsity):
    assert_share(sparsity)
    n = int(np.floor(sparsity * w.size + 0.5))
    flat = np.abs(w).flatten()
    smallest = np.lexsort((np.arange(flat.size), flat))[:n]
    mask = np.ones(flat.shape, w.dtype)
    np.put(mask, smallest, 0)
    mask.shape = w.shape
    return w * mask, mask


def assert_share(value):
    if value < 0 or value > 1:
        raise ValueError("a share lies between 0 and 1, not %r" % value)


def pruned_step(w, dw, mask, *, lr):
    moved = np.subtract(w, lr * dw)
    return np.multiply(moved, mask)


def binarize_forward(w):
    alpha = np.mean(np.abs(w), axis=1, keepdims=True)
    out = np.where(w >= 0, alpha, -alpha)
    return out, (w, alpha)


def binarize_backward(dout, cache):
    w, alpha = cache
    ste = (np.abs(w) <= 1).astype(w.dtype)
    return dout * alpha * ste
