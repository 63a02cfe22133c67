import statistics

import numpy as np

# I used the statistics module to be sure that mean and variance are correct.


def mean_and_var(x):
    mean = [statistics.fmean(column) for column in x.T]
    var = [statistics.variance(column.tolist()) for column in x.T]
    return np.array(mean), np.array(var)


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    state = {key: state[key].copy() for key in state}
    if train:
        mean, var = mean_and_var(x)
        for key, new in [("running_mean", mean), ("running_var", var)]:
            state[key] *= momentum
            state[key] += (1 - momentum) * new
    else:
        mean, var = state["running_mean"], state["running_var"]
    y = x - mean
    y = y / np.sqrt(var + eps)
    cache = {"y": y, "gamma": gamma, "std": np.sqrt(var + eps), "xmu": x - mean}
    return y * gamma + beta, cache, state


def batchnorm_backward(dout, cache):
    N, D = dout.shape
    std, xmu, y = cache["std"], cache["xmu"], cache["y"]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * y).sum(axis=0)
    # computational graph, backwards, one node after the other
    dy = dout * cache["gamma"]
    dinv = (dy * xmu).sum(axis=0)
    dxmu1 = dy / std
    dstd = -dinv / std**2
    dvar = 0.5 * dstd / std
    dsq = np.ones((N, D)) * dvar / N
    dxmu2 = 2 * xmu * dsq
    dmu = -(dxmu1 + dxmu2).sum(axis=0)
    dx2 = np.ones((N, D)) * dmu / N
    return dxmu1 + dxmu2 + dx2, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    y = np.rollaxis(x, 1, 4)
    out, cache, state = batchnorm_forward(
        y.reshape(-1, y.shape[-1]), gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return np.rollaxis(out.reshape(y.shape), 3, 1), cache, state


def spatial_batchnorm_backward(dout, cache):
    y = np.rollaxis(dout, 1, 4)
    dx, dgamma, dbeta = batchnorm_backward(y.reshape(-1, y.shape[-1]), cache)
    return np.rollaxis(dx.reshape(y.shape), 3, 1), dgamma, dbeta
