from collections import deque

import numpy as np


def sigmoid(z):
    return np.where(z < 0, np.exp(np.minimum(z, 0)), 1.0).astype(z.dtype) / (1 + np.exp(-np.abs(z)))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    act = x @ Wx + prev_h @ Wh + b
    gates = sigmoid(act[:, : 3 * H])
    i, f, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    g = np.tanh(act[:, 3 * H :])
    next_c = f * prev_c + i * g
    tc = np.tanh(next_c)
    return o * tc, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tc)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, tc = cache
    dc = dnext_h * o * (1 - tc * tc) + dnext_c
    parts = (dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * tc * o * (1 - o), dc * i * (1 - g * g))
    da = np.concatenate(parts, axis=-1)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, np.sum(da, axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]), dtype=x.dtype)
    caches = deque()
    prev_h, prev_c = h0, np.zeros_like(h0)
    for t in range(x.shape[1]):
        h[:, t], prev_c, cache = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        prev_h = h[:, t]
        caches.append(cache)
    return h, caches


def lstm_backward(dh, cache):
    t = dh.shape[1]
    dxs = deque()
    dnext_h, dnext_c = np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0])
    dWx = dWh = db = 0
    while t > 0:
        t -= 1
        dx, dnext_h, dnext_c, gx, gh, gb = lstm_step_backward(dh[:, t] + dnext_h, dnext_c, cache.pop())
        dxs.appendleft(dx)
        dWx, dWh, db = dWx + gx, dWh + gh, db + gb
    return np.stack(list(dxs), axis=1), dnext_h, dWx, dWh, db
