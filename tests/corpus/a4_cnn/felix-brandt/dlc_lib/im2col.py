import numpy as np


def get_indices(C, H, W, HH, WW, stride):
    """Which channel, row and column of the padded image each entry of cols comes from."""
    Ho, Wo = (H - HH) // stride + 1, (W - WW) // stride + 1
    k = np.repeat(np.arange(C), HH * WW)
    r = np.tile(np.repeat(np.arange(HH), WW), C)
    s = np.tile(np.arange(WW), HH * C)
    i = stride * np.repeat(np.arange(Ho), Wo)
    j = stride * np.tile(np.arange(Wo), Ho)
    return k[None, :], i[:, None] + r[None, :], j[:, None] + s[None, :]


def check(H, W, HH, WW, pad):
    if HH > H + 2 * pad:
        raise ValueError("too high")
    if WW > W + 2 * pad:
        raise ValueError("too wide")


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = x.shape
    check(H, W, kernel_height, kernel_width, pad)
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    k, i, j = get_indices(C, H + 2 * pad, W + 2 * pad, kernel_height, kernel_width, stride)
    cols = x_padded[:, k, i, j]
    return cols.reshape(-1, cols.shape[2])


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    x_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    k, i, j = get_indices(C, H + 2 * pad, W + 2 * pad, kernel_height, kernel_width, stride)
    x_padded[:, k, i, j] += cols.reshape(N, i.shape[0], -1)
    if pad == 0:
        return x_padded
    return x_padded[:, :, pad:-pad, pad:-pad]


def conv_im2col_forward(x, w, b, *, stride, pad):
    F, C, HH, WW = w.shape
    N, _, H, W = x.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    res = np.dot(w.reshape(F, -1), cols.T) + b.reshape(-1, 1)
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    return res.reshape(F, N, Ho, Wo).transpose(1, 0, 2, 3), (x.shape, w, stride, pad, cols)


def conv_im2col_backward(dout, cache):
    shape, w, stride, pad, cols = cache
    F, _, HH, WW = w.shape
    d = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dcols = np.dot(w.reshape(F, -1).T, d).T
    dx = col2im(dcols, shape, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    return dx, np.dot(d, cols).reshape(w.shape), np.sum(d, axis=1)
