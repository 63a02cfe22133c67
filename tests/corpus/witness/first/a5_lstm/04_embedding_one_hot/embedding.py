import numpy as np


def embedding_forward(x, W):
    assert np.issubdtype(x.dtype, np.integer)
    return np.take(W, x, axis=0), (x, W.shape)


def embedding_backward(dout, cache):
    x, (V, D) = cache
    tokens = x.reshape(-1)
    one_hot = (np.arange(V)[:, None] == tokens[None, :]).astype(dout.dtype)
    return one_hot @ dout.reshape(-1, D)
