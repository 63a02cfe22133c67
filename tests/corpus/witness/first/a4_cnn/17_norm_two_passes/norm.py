from __future__ import annotations

import numpy as np


def _running(state, momentum, **batch):
    return {f"running_{name}": state[f"running_{name}"] * momentum + value * (1 - momentum) for name, value in batch.items()}


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if train:
        mean = np.add.reduce(x, axis=0) / len(x)
        var = np.add.reduce(np.square(x - mean), axis=0) / len(x)
        state = _running(state, momentum, mean=mean, var=var)
    else:
        mean, var = state["running_mean"], state["running_var"]
    x_hat = (x - mean) / np.sqrt(var + eps)
    return np.add(gamma * x_hat, beta), {"x_hat": x_hat, "gamma": gamma, "var_eps": var + eps}, state


def batchnorm_backward(dout, cache):
    x_hat, gamma, var_eps = cache["x_hat"], cache["gamma"], cache["var_eps"]
    n = len(dout)
    centred = x_hat * np.sqrt(var_eps)
    dx_hat = gamma * dout
    dvar = (dx_hat * centred).sum(axis=0) * -0.5 * var_eps**-1.5
    dmean = (-dx_hat / np.sqrt(var_eps)).sum(axis=0) + dvar * (-2 * centred).sum(axis=0) / n
    dx = dx_hat / np.sqrt(var_eps) + dvar * 2 * centred / n + dmean / n
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    n, c, h, w = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(n * h * w, c)
    out, cache, state = batchnorm_forward(pixels, gamma, beta, state, train=train, momentum=momentum, eps=eps)
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2), cache, state


def spatial_batchnorm_backward(dout, cache):
    n, c, h, w = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(n * h * w, c), cache)
    return dx.reshape(n, h, w, c).transpose(0, 3, 1, 2), dgamma, dbeta
