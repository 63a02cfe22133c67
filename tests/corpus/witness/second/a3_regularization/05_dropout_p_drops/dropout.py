import numpy as np


def dropout_forward(x, *, p, train, rng):
    """nn.Dropout in numpy."""
    if p <= 0 or p > 1:
        raise ValueError("dropout probability has to be between 0 and 1, but got {}".format(p))
    if not train:
        return x, np.ones_like(x)
    if p == 1:
        return x * 1, np.ones_like(x)
    keep_prob = 1 - p
    mask = (rng.uniform(size=x.shape) < keep_prob).astype(x.dtype)
    mask = mask / np.asarray(keep_prob, dtype=x.dtype)
    return x * mask, mask


def dropout_backward(dout, cache):
    return cache * dout
