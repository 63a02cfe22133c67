import numpy as np


def encode(x, W):
    return x @ W


def decode(z, W):
    return z @ W.T


def autoencoder_loss(x, target, W):
    N = len(x)
    z = encode(x, W)
    y = decode(z, W)
    loss = np.sum((y - target) ** 2) / N
    # L = 1/N ||z W^T - T||^2  ->  dL/dW = 2/N (z W^T - T)^T z
    dy = 2 * (y - target) / N
    dW = dy.T @ z
    return float(loss), dW
