import numpy as np


def relu(a):
    return a * (a > 0)


def shallow_forward(x, W, c, w, b):
    z = x @ W + c  # (N, H)
    h = relu(z)  # (N, H)
    f = h @ w + b  # (N,)
    return f, (x, W, w, z, h)


def shallow_backward(df, cache):
    x, W, w, z, h = cache
    dw = h.T @ df  # (H,)
    db = np.asarray(df.sum())  # ()
    dh = np.outer(df, w)  # (N, H)
    dz = relu(dh)  # (N, H)
    dW = x.T @ dz  # (D, H)
    dc = dz.sum(axis=0)  # (H,)
    dx = dz @ W.T  # (N, D)
    return dx, dW, dc, dw, db
