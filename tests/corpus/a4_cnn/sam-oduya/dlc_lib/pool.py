import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if H < pool_height or W < pool_width:
        raise ValueError("!!")
    H2, W2 = (H - pool_height) // stride + 1, (W - pool_width) // stride + 1
    out = np.zeros((N, C, H2, W2), x.dtype)
    for i in range(H2):
        for j in range(W2):
            out[:, :, i, j] = np.max(
                x[:, :, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width],
                axis=(2, 3),
            )
    return out, (x, out, pool_height, pool_width, stride)


def max_pool_backward(dout, cache):
    x, out, ph, pw, stride = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            win = x[:, :, i * stride : i * stride + ph, j * stride : j * stride + pw]
            mask = win == out[:, :, i : i + 1, j : j + 1]
            dx[:, :, i * stride : i * stride + ph, j * stride : j * stride + pw] += (
                mask * dout[:, :, i : i + 1, j : j + 1]
            )
    return dx
