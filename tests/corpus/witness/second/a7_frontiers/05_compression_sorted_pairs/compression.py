import numpy as np


def magnitude_prune(w, *, sparsity):
    if not 0 <= sparsity <= 1:
        raise ValueError("sparsity must be in [0, 1]")
    sizes = sorted((abs(value), position) for position, value in enumerate(w.ravel().tolist()))
    k = round(sparsity * len(sizes))
    mask = np.ones(w.size)
    for _, position in sizes[:k]:
        mask[position] = 0.0
    mask = mask.reshape(w.shape).astype(w.dtype)
    return mask * w, mask


def pruned_step(w, dw, mask, *, lr):
    keep = mask.astype(bool)
    out = np.zeros_like(w)
    out[keep] = w[keep] - lr * dw[keep]
    return out


def binarize_forward(w):
    out = np.empty_like(w)
    sizes = []
    for m in range(w.shape[1]):
        column = w[:, m]
        size = float(np.linalg.norm(column, 1)) / len(column)
        sizes.append(size)
        out[:, m] = [size if value >= 0 else -size for value in column]
    return out, (w, sizes)


def binarize_backward(dout, cache):
    w, sizes = cache
    dw = np.zeros_like(w)
    for m, size in enumerate(sizes):
        passes = ~(np.abs(w[:, m]) > 1)
        dw[passes, m] = size * dout[passes, m]
    return dw
