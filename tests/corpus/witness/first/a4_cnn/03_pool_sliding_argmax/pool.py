import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def max_pool_forward(x, *, pool_height, pool_width, stride):
    _, _, H, W = x.shape
    if pool_height > H or pool_width > W:
        raise ValueError(f"window {(pool_height, pool_width)} larger than image {(H, W)}")
    windows = sliding_window_view(x, (pool_height, pool_width), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    flat = windows.reshape(*windows.shape[:4], -1)
    winner = flat.argmax(axis=-1)
    out = np.take_along_axis(flat, winner[..., None], axis=-1)[..., 0]
    return out, (x.shape, winner, pool_width, stride)


def max_pool_backward(dout, cache):
    shape, winner, pool_width, stride = cache
    n, c, i, j = np.indices(winner.shape)
    row = i * stride + winner // pool_width
    col = j * stride + winner % pool_width
    dx = np.zeros(shape, dtype=dout.dtype)
    np.add.at(dx, (n, c, row, col), dout)
    return dx
