import numpy as np


def dropout_forward(x, *, p, train, rng):
    if p <= 0 or p > 1:
        raise ValueError("p is the probability to keep, 0 < p <= 1")
    if train:
        mask = (rng.standard_normal(x.shape) < p) / p
    else:
        mask = np.ones(x.shape)
    mask = mask.astype(x.dtype)
    out = x * mask
    return out, mask


def dropout_backward(dout, cache):
    mask = cache
    dx = dout * mask
    return dx
