import numpy as np


def minibatches(x, y, *, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    n = x.shape[0]
    if y.shape[0] != n:
        raise ValueError("x and y must have the same length")
    idx = np.arange(n)
    rng.shuffle(idx)
    xs = x[idx]
    ys = y[idx]
    num_batches = n // batch_size
    batches = []
    b = 0
    while b < num_batches:
        lo = b * batch_size
        hi = lo + batch_size
        batches.append((xs[lo:hi], ys[lo:hi]))
        b += 1
    return batches
