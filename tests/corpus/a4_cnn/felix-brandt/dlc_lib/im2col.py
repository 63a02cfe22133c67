"""Convolution as one matrix product: every window laid out as a row."""

import numpy as np


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = x.shape
    if kernel_height > H + 2 * pad or kernel_width > W + 2 * pad:
        raise ValueError("window does not fit")
    Ho = 1 + (H + 2 * pad - kernel_height) // stride
    Wo = 1 + (W + 2 * pad - kernel_width) // stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                win = xp[
                    n, :, i * stride : i * stride + kernel_height, j * stride : j * stride + kernel_width
                ]
                rows.append(win.flatten())
    return np.array(rows, dtype=x.dtype)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    Ho = 1 + (H + 2 * pad - kernel_height) // stride
    Wo = 1 + (W + 2 * pad - kernel_width) // stride
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    row = 0
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                win = cols[row].reshape(C, kernel_height, kernel_width)
                a, b = i * stride, j * stride
                xp[n, :, a : a + kernel_height, b : b + kernel_width] = win
                row += 1
    return xp[:, :, pad : pad + H, pad : pad + W]


def conv_im2col_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    Ho = 1 + (H + 2 * pad - HH) // stride
    Wo = 1 + (W + 2 * pad - WW) // stride
    out = cols @ w.reshape(F, -1).T + b
    out = out.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2)
    return out, (x.shape, cols, w, stride, pad)


def conv_im2col_backward(dout, cache):
    shape, cols, w, stride, pad = cache
    F, C, HH, WW = w.shape
    D = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    db = D.sum(axis=0)
    dw = (D.T @ cols).reshape(w.shape)
    dx = col2im(D @ w.reshape(F, -1), shape, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    return dx, dw, db
