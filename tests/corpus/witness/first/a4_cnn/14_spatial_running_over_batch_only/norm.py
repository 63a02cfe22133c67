import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if train:
        mean, var = x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).mean(axis=0)
        after = dict(
            running_mean=momentum * state["running_mean"] + (1 - momentum) * mean,
            running_var=momentum * state["running_var"] + (1 - momentum) * var,
        )
    else:
        mean, var, after = state["running_mean"], state["running_var"], dict(state)
    root = (var + eps) ** 0.5
    hat = (x - mean) / root
    return gamma * hat + beta, (hat, gamma, root), after


def batchnorm_backward(dout, cache):
    hat, gamma, root = cache
    g1 = dout.mean(axis=0)
    g2 = (dout * hat).mean(axis=0)
    return gamma / root * (dout - g1 - hat * g2), len(dout) * g2, len(dout) * g1


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    shape = (1, -1, 1, 1)
    if train:
        mean = x.mean(axis=(0, 2))  # (C, W)
        var = x.var(axis=(0, 2))
        after = dict(
            running_mean=momentum * state["running_mean"] + (1 - momentum) * mean.mean(axis=1),
            running_var=momentum * state["running_var"] + (1 - momentum) * var.mean(axis=1),
        )
        mean, var = mean[None, :, None, :], var[None, :, None, :]
    else:
        mean, var = state["running_mean"].reshape(shape), state["running_var"].reshape(shape)
        after = dict(state)
    root = np.sqrt(var + eps)
    hat = (x - mean) / root
    return gamma.reshape(shape) * hat + beta.reshape(shape), (hat, gamma.reshape(shape), root), after


def spatial_batchnorm_backward(dout, cache):
    hat, gamma, root = cache
    g1 = dout.mean(axis=(0, 2), keepdims=True)
    g2 = (dout * hat).mean(axis=(0, 2), keepdims=True)
    dx = gamma / root * (dout - g1 - hat * g2)
    return dx, (dout * hat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
