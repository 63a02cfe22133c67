import numpy as np


def residual_block_forward(x, W1, b1, W2, b2):
    if x.shape[1] != W2.shape[1]:
        raise ValueError("shapes of skip and branch differ")
    a = x.dot(W1) + b1
    h = np.maximum(0, a)
    y = h.dot(W2) + b2
    s = x + y
    out = np.maximum(0, s)
    return out, (x, a, h, W1, W2, s)


def residual_block_backward(dout, cache):
    x, a, h, W1, W2, s = cache
    ds = dout * (s > 0)
    dW2 = h.T.dot(ds)
    db2 = ds.sum(axis=0)
    dh = ds.dot(W2.T)
    da = dh * (a > 0)
    dW1 = x.T.dot(da)
    db1 = da.sum(axis=0)
    dx = ds + da.dot(W1.T)
    return dx, dW1, db1, dW2, db2
