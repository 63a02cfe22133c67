import numpy as np


def embedding_forward(x, W):
    out = W[x]
    cache = (x, W)
    return out, cache


def embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros(W.shape, dtype=dout.dtype)
    dW[x] += dout
    return dW
