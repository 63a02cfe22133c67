import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    if kernel_height > xp.shape[2] or kernel_width > xp.shape[3]:
        raise ValueError("window does not fit")
    win = sliding_window_view(xp, (kernel_height, kernel_width), axis=(2, 3))[:, :, ::stride, ::stride]
    N, C, Ho, Wo, HH, WW = win.shape
    return win.transpose(0, 2, 3, 1, 4, 5).reshape(N * Ho * Wo, C * HH * WW)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    Ho = 1 + (H + 2 * pad - kernel_height) // stride
    Wo = 1 + (W + 2 * pad - kernel_width) // stride
    win = cols.reshape(N, Ho, Wo, C, kernel_height, kernel_width).transpose(0, 3, 1, 2, 4, 5)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for r in range(kernel_height):
        for s in range(kernel_width):
            xp[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride] += win[..., r, s]
    return xp[:, :, pad : pad + H, pad : pad + W]


def conv_im2col_forward(x, w, b, *, stride, pad):
    F, C, HH, WW = w.shape
    N, _, H, W = x.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    out = (cols @ w.reshape(F, -1).T + b).reshape(
        N, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride, F
    )
    return np.moveaxis(out, -1, 1), (x, w, stride, pad)


def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    F, C, HH, WW = w.shape
    kw = dict(kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    d = np.moveaxis(dout, 1, -1).reshape(-1, F)
    dw = (d.T @ im2col(x, **kw)).reshape(w.shape)
    return col2im(d @ w.reshape(F, -1), x.shape, **kw), dw, d.sum(0)
