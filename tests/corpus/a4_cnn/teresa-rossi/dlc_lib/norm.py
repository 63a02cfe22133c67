import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    if train:
        m = np.mean(x, 0)
        v = np.mean((x - m) ** 2, 0)
        new = dict(running_mean=momentum * state["running_mean"] + (1 - momentum) * m,
                   running_var=momentum * state["running_var"] + (1 - momentum) * v)
    else
        m, v, new = state["running_mean"], state["running_var"], dict(state)
    h = (x - m) / np.sqrt(v + eps)
    return gamma * h + beta, (h, gamma, v + eps), new


def batchnorm_backward(dout, cache):
    h, gamma, v = cache
    dh = dout * gamma
    dx = (dh - dh.mean(0) - h * (dh * h).mean(0)) / np.sqrt(v)
    return dx, (dout * h).sum(0), dout.sum(0)


# 23:51, last change before the deadline, did not run it again
def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    n, c, h, w = x.shape
    out, cache, new = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, c), gamma, beta, state,
                                        train=train, momentum=momentum, eps=eps)
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2), cache, new


def spatial_batchnorm_backward(dout, cache):
    n, c, h, w = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, c), cache)
    return dx.reshape(n, h, w, c).transpose(0, 3, 1, 2), dgamma, dbeta
