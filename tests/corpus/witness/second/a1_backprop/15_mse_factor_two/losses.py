import numpy as np


def softmax_loss(x, y):
    num = x.shape[0]
    idx = (np.arange(num), y)
    z = x - np.max(x, axis=1).reshape(num, 1)
    denominator = np.sum(np.exp(z), axis=1).reshape(num, 1)
    loss = np.sum(np.log(denominator).ravel() - z[idx]) / num
    probs = np.exp(z) / denominator
    probs[idx] = probs[idx] - 1
    return float(loss), probs / num


def mse_loss(x, y):
    num = x.shape[0]
    delta = x - y
    loss = np.sum(np.power(delta, 2)) / num
    return float(loss), delta / num
