import numpy as np


def minibatches(x, y, *, batch_size, rng):
    n = len(x)
    if n != len(y):
        raise ValueError("x and y differ in length")
    if batch_size <= 0:
        raise ValueError("need a positive batch size")
    if n == 0:
        return []
    perm = rng.choice(n, size=n, replace=False)
    cuts = np.arange(batch_size, n, batch_size)
    return list(zip(np.split(x[perm], cuts), np.split(y[perm], cuts)))
