import numpy as np


def dropout_forward(x, *, p, train, rng):
    if not 0.0 < p <= 1.0:
        raise ValueError("keep probability must be in (0, 1], got %s" % p)
    factor = np.ones_like(x)
    if train and p < 1:
        # floor(p + u) is 1 with probability p
        binary = np.floor(p + rng.random(x.shape))
        factor = np.divide(binary, p).astype(x.dtype)
    return x * factor, factor


def dropout_backward(dout, cache):
    return np.multiply(dout, cache, dtype=dout.dtype)
