import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if not train:
        scale = np.sqrt(state["running_var"] + eps)
        x_hat = (x - state["running_mean"]) / scale
        return gamma * x_hat + beta, (x_hat, gamma, scale), state
    m = np.average(x, axis=0)
    d = x - m
    v = np.average(d * d, axis=0)
    scale = np.sqrt(v + eps)
    x_hat = d / scale
    moved = {
        "running_mean": state["running_mean"] * momentum + m * (1 - momentum),
        "running_var": state["running_var"] * momentum + v * (1 - momentum),
    }
    return gamma * x_hat + beta, (x_hat, gamma, scale), moved


def batchnorm_backward(dout, cache):
    x_hat, gamma, scale = cache
    n = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx_hat = dout * gamma
    # through d / scale, then scale = sqrt(v + eps), then v = mean(d^2), then d = x - mean
    dd = dx_hat / scale
    dscale = -(dx_hat * x_hat).sum(axis=0) / scale
    dv = dscale / (2 * scale)
    dd = dd + dv * 2 * (x_hat * scale) / n
    dx = dd - dd.sum(axis=0) / n
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    out, cache, state = batchnorm_forward(
        x.reshape(N * H * W, C), gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return out.reshape(N, C, H, W), cache, state


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(N * H * W, C), cache)
    return dx.reshape(N, C, H, W), dgamma, dbeta
