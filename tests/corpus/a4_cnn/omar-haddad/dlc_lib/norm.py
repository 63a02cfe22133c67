# batch norm like in pytorch, see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
import numpy as np


class _BatchNorm:
    """keeps everything of one call, also used as the cache"""

    def __init__(self, momentum, eps):
        self.momentum = momentum
        self.eps = eps

    def forward(self, x, gamma, beta, running_mean, running_var, training):
        self.gamma = gamma
        if training:
            self.mean = x.mean(axis=0)
            self.var = ((x - self.mean) ** 2).mean(axis=0)
            running_mean = (1 - self.momentum) * running_mean + self.momentum * self.mean
            running_var = (1 - self.momentum) * running_var + self.momentum * self.var
        else:
            self.mean, self.var = running_mean, running_var
        self.x_hat = (x - self.mean) * (self.var + self.eps) ** -0.5
        return self.gamma * self.x_hat + beta, running_mean, running_var

    def backward(self, grad):
        n = grad.shape[0]
        grad_x_hat = grad * self.gamma
        total = grad_x_hat.sum(axis=0)
        along = (grad_x_hat * self.x_hat).sum(axis=0)
        grad_x = (self.var + self.eps) ** -0.5 / n * (n * grad_x_hat - total - self.x_hat * along)
        return grad_x, (grad * self.x_hat).sum(axis=0), grad.sum(axis=0)


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    bn = _BatchNorm(momentum, eps)
    out, rm, rv = bn.forward(x, gamma, beta, state["running_mean"], state["running_var"], train)
    return out, bn, {"running_mean": rm, "running_var": rv}


def batchnorm_backward(dout, cache):
    return cache.backward(dout)


def _to_rows(x):
    return np.transpose(x, (0, 2, 3, 1)).reshape(-1, x.shape[1])


def _to_images(rows, shape):
    n, c, h, w = shape
    return np.transpose(rows.reshape(n, h, w, c), (0, 3, 1, 2))


def spatial_batchnorm_forward(x, gamma, beta, state, **kwargs):
    out, bn, state = batchnorm_forward(_to_rows(x), gamma, beta, state, **kwargs)
    return _to_images(out, x.shape), bn, state


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(_to_rows(dout), cache)
    return _to_images(dx, dout.shape), dgamma, dbeta
