from typing import NamedTuple

import numpy as np


class Saved(NamedTuple):
    shape: tuple
    X: np.ndarray
    w: np.ndarray


class Grads(NamedTuple):
    dx: np.ndarray
    dw: np.ndarray
    db: np.ndarray


def affine_forward(x, w, b):
    X = np.reshape(x, (len(x), w.shape[0]))
    return np.matmul(X, w) + b[None, :], Saved(x.shape, X, w)


def affine_backward(dout, cache):
    ones = np.ones(len(dout), dtype=dout.dtype)
    return Grads(
        dx=np.matmul(dout, cache.w.T).reshape(cache.shape),
        dw=np.matmul(cache.X.T, dout),
        db=ones @ dout,
    )


def relu_forward(x):
    return x.clip(min=0), x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, np.zeros((), dtype=dout.dtype))
