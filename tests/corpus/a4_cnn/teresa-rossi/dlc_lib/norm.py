"""Batch normalization, of vectors and of images."""

import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, D = x.shape
    if train
        mu = np.zeros(D, dtype=x.dtype)
        for n in range(N):
            mu = mu + x[n]
        mu = mu / N
        var = np.zeros(D, dtype=x.dtype)
        for n in range(N):
            var = var + (x[n] - mu) ** 2
        var = var / N
        new_state = {}
        new_state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mu
        new_state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        mu = state["running_mean"]
        var = state["running_var"]
        new_state = {"running_mean": mu.copy(), "running_var": var.copy()}
    std = np.sqrt(var + eps)
    xhat = np.zeros_like(x)
    for n in range(N):
        xhat[n] = (x[n] - mu) / std
    out = gamma * xhat + beta
    cache = (x, mu, std, xhat, gamma)
    return out, cache, new_state


def batchnorm_backward(dout, cache):
    x, mu, std, xhat, gamma = cache
    N = x.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    # three ways from x to the output, see my notes from the lecture
    dvar = np.sum(dxhat * (x - mu), axis=0) * (-0.5) / std**3
    dmu = -np.sum(dxhat, axis=0) / std + dvar * np.sum(-2 * (x - mu), axis=0) / N
    dx = dxhat / std + dvar * 2 * (x - mu) / N + dmu / N
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    out = np.zeros_like(x)
    caches = []
    new_state = {"running_mean": np.zeros(C), "running_var": np.zeros(C)}
    for c in range(C):
        one = {k: v[c : c + 1] for k, v in state.items()}
        col = x[:, c].reshape(-1, 1)
        o, cache, s = batchnorm_forward(
            col, gamma[c : c + 1], beta[c : c + 1], one, train=train, momentum=momentum, eps=eps
        )
        out[:, c] = o.reshape(N, H, W)
        caches.append(cache)
        for k in new_state:
            new_state[k][c] = s[k][0]
    return out, caches, new_state


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx = np.zeros_like(dout)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c in range(C):
        d, dg, db = batchnorm_backward(dout[:, c].reshape(-1, 1), cache[c])
        dx[:, c] = d.reshape(N, H, W)
        dgamma[c], dbeta[c] = dg[0], db[0]
    return dx, dgamma, dbeta
