import numpy as np


def embedding_forward(x, W):
    return W.take(x, axis=0), {"tokens": x, "rows": W.shape[0]}


def embedding_backward(dout, cache):
    tokens = cache["tokens"].ravel()
    D = dout.shape[-1]
    dW = np.zeros((cache["rows"], D), dtype=dout.dtype)
    if tokens.size == 0:
        return dW
    order = np.argsort(tokens, kind="stable")
    present, starts = np.unique(tokens[order], return_index=True)
    dW[present] = np.add.reduceat(dout.reshape(-1, D)[order], starts, axis=0)
    return dW
