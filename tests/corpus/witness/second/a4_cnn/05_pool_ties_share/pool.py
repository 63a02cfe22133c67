import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if pool_height > H or pool_width > W:
        raise ValueError
    Hp = (H - pool_height) // stride + 1
    Wp = (W - pool_width) // stride + 1
    out = np.zeros((N, C, Hp, Wp), dtype=x.dtype)
    for i in range(Hp):
        for j in range(Wp):
            si, sj = i * stride, j * stride
            out[:, :, i, j] = np.amax(x[:, :, si : si + pool_height, sj : sj + pool_width], axis=(-1, -2))
    return out, (x, out, pool_height, pool_width, stride)


def max_pool_backward(dout, cache):
    x, out, HH, WW, stride = cache
    dx = np.zeros(x.shape, dtype=x.dtype)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            si, sj = i * stride, j * stride
            xs = x[:, :, si : si + HH, sj : sj + WW]
            m = xs == out[:, :, i, j][:, :, None, None]
            dx[:, :, si : si + HH, sj : sj + WW] += m * dout[:, :, i, j][:, :, None, None]
    return dx
