import numpy as np


def dropout_forward(x, *, p, train, rng):
    if not 0 < p <= 1:
        raise ValueError(f"p must be in (0, 1], got {p}")
    if not train:
        return x.copy(), np.ones_like(x)
    kept = rng.binomial(1, p, size=x.shape)
    factor = (kept / p).astype(x.dtype)
    return x * factor, factor


def dropout_backward(dout, cache):
    return dout * cache
