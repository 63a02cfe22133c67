from types import SimpleNamespace

import numpy as np


def sigmoid(z):
    result = np.zeros_like(z)
    up = z > 0
    result[up] = 1.0 / (1.0 + np.exp(-z[up]))
    small = np.exp(z[~up])
    result[~up] = small / (1.0 + small)
    return result


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x @ Wx + prev_h @ Wh + b
    s = SimpleNamespace(x=x, h=prev_h, c=prev_c, Wx=Wx, Wh=Wh)
    s.i, s.f, s.o = (sigmoid(a[:, k * H : (k + 1) * H]) for k in range(3))
    s.g = np.tanh(a[:, 3 * H :])
    next_c = s.f * prev_c + s.i * s.g
    s.t = np.tanh(next_c)
    return s.o * s.t, next_c, s


def lstm_step_backward(dnext_h, dnext_c, cache):
    s = cache
    dc = dnext_c + dnext_h * s.o * (1 - s.t**2)
    da = np.hstack(
        [
            dc * s.g * s.i * (1 - s.i),
            dc * s.c * s.f * (1 - s.f),
            dnext_h * s.t * s.o * (1 - s.o),
            dc * s.i * (1 - s.g**2),
        ]
    )
    return da @ s.Wx.T, da @ s.Wh.T, dc * s.f, s.x.T @ da, s.h.T @ da, da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h, c = h0, np.zeros(h0.shape, dtype=h0.dtype)
    hs, steps = [], []
    for t in range(x.shape[1]):
        h, c, s = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        hs.append(h[:, None])
        steps.append(s)
    return np.concatenate(hs, axis=1), SimpleNamespace(steps=steps, sizes=x.shape)


def lstm_backward(dh, cache):
    dx = np.zeros(cache.sizes, dtype=dh.dtype)
    dnext_h = dnext_c = np.zeros(dh[:, 0].shape, dtype=dh.dtype)
    totals = None
    for t in reversed(range(cache.sizes[1])):
        dx[:, t], dnext_h, dnext_c, *parts = lstm_step_backward(dh[:, t] + dnext_h, dnext_c, cache.steps[t])
        totals = parts if totals is None else [old + new for old, new in zip(totals, parts)]
    return dx, dnext_h, totals[0], totals[1], totals[2]
