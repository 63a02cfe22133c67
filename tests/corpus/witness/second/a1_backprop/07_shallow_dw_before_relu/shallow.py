import numpy as np


def shallow_forward(x, W, c, w, b):
    pre = np.dot(x, W) + c
    post = np.maximum(0, pre)
    y = np.dot(post, w) + b
    return y, [x, W, c, w, b, pre, post]


def shallow_backward(df, cache):
    x, W, c, w, b, pre, post = cache
    # f = sum_k w_k * h_k + b   ->   df/dw_k = h_k
    dw = np.dot(df, pre)
    db = np.array(np.sum(df))
    # df/dh_k = w_k
    dpost = df[:, None] * w[None, :]
    dpre = dpost * (pre > 0)
    dW = np.dot(x.T, dpre)
    dc = np.sum(dpre, axis=0)
    dx = np.dot(dpre, W.T)
    return dx, dW, dc, dw, db
