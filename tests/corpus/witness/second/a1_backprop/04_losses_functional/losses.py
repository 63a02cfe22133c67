import numpy as np


def _mean_over(n):
    def mean(total):
        return float(total) / n

    return mean


def softmax_loss(x, y):
    mean = _mean_over(x.shape[0])
    log_z = np.logaddexp.reduce(x, axis=1)
    picked = np.choose(y.astype(int), x.T) if x.shape[1] <= 32 else x[np.arange(x.shape[0]), y]
    loss = mean(np.sum(log_z - picked))
    grad = np.exp(x - log_z[:, None])
    np.subtract.at(grad, (np.arange(x.shape[0]), y), 1)
    grad /= x.shape[0]
    return loss, grad


def mse_loss(x, y):
    mean = _mean_over(x.shape[0])
    err = np.subtract(x, y)
    return mean(np.square(err).sum()), np.multiply(err, 2 / x.shape[0], dtype=x.dtype)
