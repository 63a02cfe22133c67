import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("filter does not fit")
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, H_out, W_out), dtype=x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    h1 = i * stride
                    w1 = j * stride
                    window = x_pad[n, :, h1 : h1 + HH, w1 : w1 + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    cache = (x, w, b, stride, pad)
    return out, cache


def conv_backward(dout, cache):
    x, w, b, stride, pad = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    h1 = i * stride
                    w1 = j * stride
                    dw[f] += dout[n, f, i, j] * x_pad[n, :, h1 : h1 + HH, w1 : w1 + WW]
                    dx_pad[n, :, h1 : h1 + HH, w1 : w1 + WW] += dout[n, f, i, j] * w[f]
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
