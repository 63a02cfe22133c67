import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if train:
        mean = x.mean(0)
        var = x.var(0)
        next_state = {
            "running_mean": (1 - momentum) * state["running_mean"] + momentum * mean,
            "running_var": (1 - momentum) * state["running_var"] + momentum * var,
        }
    else:
        mean = state["running_mean"]
        var = state["running_var"]
        next_state = {key: value.copy() for key, value in state.items()}
    inv_std = 1.0 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    cache = {"x_hat": x_hat, "inv_std": inv_std, "gamma": gamma}
    return x_hat * gamma + beta, cache, next_state


def batchnorm_backward(dout, cache):
    x_hat, inv_std, gamma = cache["x_hat"], cache["inv_std"], cache["gamma"]
    d_hat = dout * gamma
    dx = inv_std * (d_hat - d_hat.mean(0) - x_hat * (d_hat * x_hat).mean(0))
    return dx, (dout * x_hat).sum(0), dout.sum(0)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    mu = x.mean(axis=(0, 2, 3), keepdims=True) if train else state["running_mean"].reshape(1, C, 1, 1)
    var = x.var(axis=(0, 2, 3), keepdims=True) if train else state["running_var"].reshape(1, C, 1, 1)
    if train:
        state = {
            "running_mean": momentum * state["running_mean"] + (1 - momentum) * mu.reshape(C),
            "running_var": momentum * state["running_var"] + (1 - momentum) * var.reshape(C),
        }
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (x - mu) * inv_std
    out = gamma.reshape(1, C, 1, 1) * x_hat + beta.reshape(1, C, 1, 1)
    return out, {"x_hat": x_hat, "inv_std": inv_std, "gamma": gamma.reshape(1, C, 1, 1)}, state


def spatial_batchnorm_backward(dout, cache):
    x_hat, inv_std, gamma = cache["x_hat"], cache["inv_std"], cache["gamma"]
    over = (0, 2, 3)
    d_hat = dout * gamma
    mean_d = d_hat.mean(axis=over, keepdims=True)
    mean_dx = (d_hat * x_hat).mean(axis=over, keepdims=True)
    return inv_std * (d_hat - mean_d - x_hat * mean_dx), (dout * x_hat).sum(over), dout.sum(over)
