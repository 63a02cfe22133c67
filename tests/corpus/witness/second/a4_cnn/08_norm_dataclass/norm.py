from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class NormCache:
    x_hat: np.ndarray
    gamma: np.ndarray
    std: np.ndarray
    axes: tuple[int, ...]

    @property
    def count(self) -> int:
        return int(np.prod([self.x_hat.shape[a] for a in self.axes]))


def _spread(vector: np.ndarray, ndim: int) -> np.ndarray:
    """(C,) -> (1, C, 1, ..., 1)"""
    return vector.reshape((1, -1) + (1,) * (ndim - 2))


def _forward(x, gamma, beta, state, train, momentum, eps):
    axes = tuple(a for a in range(x.ndim) if a != 1)
    mean, var = state["running_mean"], state["running_var"]
    if train:
        mean, var = np.mean(x, axis=axes), np.var(x, axis=axes)
        state = {
            name: momentum * state[name] + (1 - momentum) * batch
            for name, batch in zip(("running_mean", "running_var"), (mean, var), strict=True)
        }
    std = np.sqrt(var + eps)
    x_hat = (x - _spread(mean, x.ndim)) / _spread(std, x.ndim)
    out = _spread(gamma, x.ndim) * x_hat + _spread(beta, x.ndim)
    return out.astype(x.dtype, copy=False), NormCache(x_hat, gamma, std, axes), state


def _backward(dout, cache: NormCache):
    dbeta = dout.sum(axis=cache.axes)
    dgamma = (dout * cache.x_hat).sum(axis=cache.axes)
    centred = dout - _spread(dbeta, dout.ndim) / cache.count
    centred = centred - cache.x_hat * _spread(dgamma, dout.ndim) / cache.count
    return centred * _spread(cache.gamma / cache.std, dout.ndim), dgamma, dbeta


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    return _forward(x, gamma, beta, state, train, momentum, eps)


def batchnorm_backward(dout, cache):
    return _backward(dout, cache)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    return _forward(x, gamma, beta, state, train, momentum, eps)


def spatial_batchnorm_backward(dout, cache):
    return _backward(dout, cache)
