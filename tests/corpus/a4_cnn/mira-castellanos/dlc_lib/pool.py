"""Max pooling: the largest entry of every window."""

import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if pool_height > H or pool_width > W:
        raise ValueError(f"cannot pool {pool_height}x{pool_width} over {H}x{W}")
    Hout = 1 + (H - pool_height) // stride
    Wout = 1 + (W - pool_width) // stride
    out = np.zeros((N, C, Hout, Wout), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(Hout):
                for j in range(Wout):
                    a, b = i * stride, j * stride
                    out[n, c, i, j] = x[n, c, a : a + pool_height, b : b + pool_width].max()
    cache = (x, pool_height, pool_width, stride)
    return out, cache


def max_pool_backward(dout, cache):
    x, ph, pw, stride = cache
    dx = np.zeros_like(x)
    N, C, Hout, Wout = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Hout):
                for j in range(Wout):
                    a, b = i * stride, j * stride
                    win = x[n, c, a : a + ph, b : b + pw]
                    k = np.argmax(win)
                    # argmax counts along the flat window, turn it back into row and column
                    r, s = k // pw, k % pw
                    dx[n, c, a + r, b + s] += dout[n, c, i, j]
    return dx
