import numpy as np


def softmax_loss(x, y):
    """same as F.cross_entropy(x, y)"""
    x_max = x.max(axis=1)[:, np.newaxis]
    logsumexp = x_max + np.log(np.exp(x - x_max).sum(axis=1)[:, np.newaxis])
    logp = x - logsumexp
    nll = -np.take_along_axis(logp, y.astype(np.int64)[:, np.newaxis], axis=1)
    grad = np.exp(logp)
    np.put_along_axis(
        grad,
        y.astype(np.int64)[:, np.newaxis],
        np.take_along_axis(grad, y.astype(np.int64)[:, np.newaxis], axis=1) - 1,
        axis=1,
    )
    return nll.mean().item(), grad / x.shape[0]


def mse_loss(x, y):
    """same as F.mse_loss(x, y)"""
    diff = x - y
    loss = np.mean(diff**2).item()
    return loss, 2 * diff / diff.size
