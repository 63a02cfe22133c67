import numpy as np


def embedding_forward(x, W):
    return W[x, :], (x, W.shape[0])


def embedding_backward(dout, cache):
    x, V = cache
    tokens = x.ravel()
    grads = dout.reshape(len(tokens), -1)
    dW = np.zeros((V, grads.shape[1]), dtype=dout.dtype)
    for v in np.unique(tokens):
        dW[v] = grads[tokens == v].mean(axis=0)
    return dW
