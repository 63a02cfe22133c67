"""Batch normalisation. The backward pass uses the closed form

    dx = gamma / (N * std) * (N * dout - sum(dout) - x_hat * sum(dout * x_hat))
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    mean, var = (x.mean(axis=0), x.var(axis=0)) if train else (state["running_mean"], state["running_var"])
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = (gamma * x_hat + beta).astype(x.dtype, copy=False)
    next_state = dict(state)
    if train:
        for key, value in (("running_mean", mean), ("running_var", var)):
            next_state[key] = momentum * state[key] + (1 - momentum) * value
    return out, (x_hat, gamma, std), next_state


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    n = len(dout)
    dbeta = dout.sum(axis=0)
    dgamma = np.einsum("nd,nd->d", dout, x_hat)
    dx = gamma / (n * std) * (n * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


def _to_rows(images):
    return np.moveaxis(images, 1, -1).reshape(-1, images.shape[1])


def _to_images(rows, shape):
    n, c, h, w = shape
    return np.moveaxis(rows.reshape(n, h, w, c), -1, 1)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    out, cache, state = batchnorm_forward(
        _to_rows(x), gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return _to_images(out, x.shape), cache, state


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(_to_rows(dout), cache)
    return _to_images(dx, dout.shape), dgamma, dbeta
