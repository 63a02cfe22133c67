# Noor, slow but I understand every line of it
import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("filter too large")
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros([N, F, H_out, W_out], x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    total = b[f]
                    for c in range(C):
                        for r in range(HH):
                            for s in range(WW):
                                row = i * stride + r - pad
                                col = j * stride + s - pad
                                if 0 <= row < H and 0 <= col < W:
                                    total = total + x[n, c, row, col] * w[f, c, r, s]
                    out[n, f, i, j] = total
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    db[f] += dout[n, f, i, j]
                    for c in range(C):
                        for r in range(HH):
                            for s in range(WW):
                                row = i * stride + r - pad
                                col = j * stride + s - pad
                                if 0 <= row < H and 0 <= col < W:
                                    dx[n, c, row, col] += w[f, c, r, s] * dout[n, f, i, j]
                                    dw[f, c, r, s] += x[n, c, row, col] * dout[n, f, i, j]
    return dx, dw, db
