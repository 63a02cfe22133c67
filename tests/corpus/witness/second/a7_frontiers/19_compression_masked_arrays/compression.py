import numpy as np


def magnitude_prune(w, *, sparsity):
    if not (0 <= sparsity <= 1):
        raise ValueError("sparsity must lie between 0 and 1")
    k = int(np.floor(sparsity * w.size + 0.5))
    smallest = np.abs(w).argsort(axis=None)[:k]
    hidden = np.ma.masked_array(w, mask=np.zeros(w.shape, dtype=bool))
    hidden.mask.flat[smallest] = True
    mask = (~hidden.mask).astype(w.dtype)
    return hidden.filled(0), mask


def pruned_step(w, dw, mask, *, lr):
    step = np.ma.masked_array(w - lr * dw, mask=mask == 0)
    return step.filled(0)


def binarize_forward(w):
    alpha = np.abs(w).sum(axis=0)[None, :] / w.shape[0]
    return np.where(w < 0, -alpha, alpha), (w, alpha)


def binarize_backward(dout, cache):
    w, alpha = cache
    dw = np.ma.masked_array(alpha * dout, mask=np.abs(w) > 1)
    return dw.filled(0)
