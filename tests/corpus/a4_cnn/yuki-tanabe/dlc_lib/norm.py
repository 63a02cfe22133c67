import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if train:
        mean = x.mean(0)
        var = x.var(0, ddof=1)  # unbiased
        state = {
            "running_mean": momentum * state["running_mean"] + (1 - momentum) * mean,
            "running_var": momentum * state["running_var"] + (1 - momentum) * var,
        }
    else:
        mean, var = state["running_mean"], state["running_var"]
        state = dict(state)
    ivar = 1 / np.sqrt(var + eps)
    xn = (x - mean) * ivar
    return xn * gamma + beta, dict(xn=xn, ivar=ivar, gamma=gamma), state


def batchnorm_backward(dout, cache):
    xn, ivar, gamma = cache["xn"], cache["ivar"], cache["gamma"]
    g = dout * gamma
    # the short form, worked out on paper
    dx = ivar * (g - g.mean(0) - xn * (g * xn).mean(0))
    return dx, (dout * xn).sum(0), dout.sum(0)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    flat = np.moveaxis(x, 1, -1).reshape(-1, C)
    out, cache, state = batchnorm_forward(flat, gamma, beta, state, train=train, momentum=momentum, eps=eps)
    return np.moveaxis(out.reshape(N, H, W, C), -1, 1), cache, state


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(np.moveaxis(dout, 1, -1).reshape(-1, C), cache)
    return np.moveaxis(dx.reshape(N, H, W, C), -1, 1), dgamma, dbeta
