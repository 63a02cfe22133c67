import numpy as np

from .conv import _windows
from .windows import output_size


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    if kernel_height > x.shape[2] + 2 * pad or kernel_width > x.shape[3] + 2 * pad:
        raise ValueError("too large")
    _, win = _windows(x, kernel_height, kernel_width, stride, pad)
    N, C, Ho, HH, Wo, WW = win.shape
    return win.transpose(0, 2, 4, 1, 3, 5).reshape(N * Ho * Wo, C * HH * WW)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    # number every pixel, lay the numbers out with im2col, add up by number
    numbers = np.arange(1, N * C * H * W + 1).reshape(shape)
    where = im2col(numbers, kernel_height=kernel_height, kernel_width=kernel_width, stride=stride, pad=pad)
    summed = np.bincount(where.ravel(), weights=cols.ravel(), minlength=numbers.size + 1)
    return summed[1:].reshape(shape).astype(cols.dtype)


def conv_im2col_forward(x, w, b, *, stride, pad):
    F, _, HH, WW = w.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    Ho = output_size(x.shape[2], HH, stride=stride, pad=pad)
    Wo = output_size(x.shape[3], WW, stride=stride, pad=pad)
    out = w.reshape(F, -1) @ cols.T + b[:, None]
    return out.reshape(F, len(x), Ho, Wo).swapaxes(0, 1), (x.shape, cols, w, stride, pad)


def conv_im2col_backward(dout, cache):
    shape, cols, w, stride, pad = cache
    F, _, HH, WW = w.shape
    D = dout.swapaxes(0, 1).reshape(F, -1)
    dx = col2im(D.T @ w.reshape(F, -1), shape, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    return dx, (D @ cols).reshape(w.shape), D.sum(axis=1)
