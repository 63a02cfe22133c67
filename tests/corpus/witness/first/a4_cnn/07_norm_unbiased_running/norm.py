import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    new_state = {k: v.copy() for k, v in state.items()}
    if train:
        N = x.shape[0]
        # step 1: mean
        mu = np.sum(x, axis=0) / N
        # step 2: subtract mean
        xmu = x - mu
        # step 3: variance
        var = np.sum(xmu**2, axis=0) / max(N - 1, 1)
        new_state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mu
        new_state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        xmu = x - state["running_mean"]
        var = state["running_var"]
    # step 4: divide
    sqrtvar = np.sqrt(var + eps)
    xhat = xmu / sqrtvar
    out = gamma * xhat + beta
    return out, (xhat, gamma, xmu, sqrtvar), new_state


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, sqrtvar = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dvar = -0.5 * np.sum(dxhat * xmu, axis=0) / sqrtvar**3
    dmu = -np.sum(dxhat, axis=0) / sqrtvar
    dx = dxhat / sqrtvar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    axes = (0, 2, 3)
    col = lambda v: v[None, :, None, None]
    new_state = dict(state)
    if train:
        mu, var = x.mean(axes), x.var(axes)
        new_state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mu
        new_state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        mu, var = state["running_mean"], state["running_var"]
    s = np.sqrt(var + eps)
    xhat = (x - col(mu)) / col(s)
    return col(gamma) * xhat + col(beta), (xhat, gamma, s), new_state


def spatial_batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    axes = (0, 2, 3)
    m = dout.size / dout.shape[1]
    dbeta = dout.sum(axes)
    dgamma = (dout * xhat).sum(axes)
    mean_d = (dbeta / m)[None, :, None, None]
    mean_dx = (dgamma / m)[None, :, None, None]
    dx = (gamma / s)[None, :, None, None] * (dout - mean_d - xhat * mean_dx)
    return dx.astype(dout.dtype), dgamma, dbeta
