import numpy as np


def dropout_forward(x, *, p, train, rng):
    if not 0 < p <= 1:
        raise ValueError("p")
    if train:
        factor = np.where(rng.random(x.shape) < p, 1 / p, 0.0)
    else:
        factor = np.ones(x.shape)
    factor = factor.astype(x.dtype)
    return factor * x, factor


def dropout_backward(dout, cache):
    dx = np.zeros_like(dout)
    survived = cache > 0
    dx[survived] = dout[survived]
    return dx
