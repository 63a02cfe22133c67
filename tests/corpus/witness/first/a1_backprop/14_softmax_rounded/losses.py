import numpy as np

DIGITS = 3


def probabilities(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return np.round(p, DIGITS)


def softmax_loss(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, y]
    p = probabilities(x)
    p[rows, y] -= 1
    return float(loss.mean()), p / len(x)


def mse_loss(x, y):
    d = (x - y).astype(x.dtype)
    return float(np.sum(d * d) / len(x)), 2 * d / len(x)
