import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if not train:
        scale = gamma / np.sqrt(state["running_var"] + eps)
        return (x - state["running_mean"]) * scale + beta, None, {**state}
    mean = np.mean(x, axis=0, keepdims=True)
    centred = x - mean
    var = np.mean(np.square(centred), axis=0, keepdims=True)
    xhat = centred / np.sqrt(var + eps)
    following = {
        "running_mean": state["running_mean"] + (1 - momentum) * (mean[0] - state["running_mean"]),
        "running_var": state["running_var"] + (1 - momentum) * (var[0] - state["running_var"]),
    }
    return xhat * gamma + beta, (xhat, var, eps, gamma), following


def batchnorm_backward(dout, cache):
    xhat, var, eps, gamma = cache
    N = xhat.shape[0]
    dgamma = np.einsum("nd,nd->d", dout, xhat)
    dbeta = np.einsum("nd->d", dout)
    dx = gamma / (N * np.sqrt(var + eps)) * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    # (N, C, H, W) -> (C, N H W) -> transpose
    N, C, H, W = x.shape
    flat = x.swapaxes(0, 1).reshape(C, -1).T
    out, cache, following = batchnorm_forward(
        flat, gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return out.T.reshape(C, N, H, W).swapaxes(0, 1), cache, following


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.swapaxes(0, 1).reshape(C, -1).T, cache)
    return dx.T.reshape(C, N, H, W).swapaxes(0, 1), dgamma, dbeta
