import numpy as np


def _squash(z):
    # 1 / (1 + e^-z) without overflow
    half = np.tanh(z / 2)
    return (half + 1) / 2


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = np.matmul(x, Wx) + np.matmul(prev_h, Wh) + b
    a_i, a_f, a_o, a_g = np.hsplit(a, 4)
    i, f, o, g = _squash(a_i), _squash(a_f), _squash(a_o), np.tanh(a_g)
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tanh_c = np.tanh(next_c)
    whole = dnext_c + o * (1 - tanh_c * tanh_c) * dnext_h
    da = np.column_stack(
        [
            i * (1 - i) * g * whole,
            f * (1 - f) * prev_c * whole,
            o * (1 - o) * tanh_c * dnext_h,
            (1 - g * g) * i * whole,
        ]
    )
    return np.matmul(da, Wx.T), np.matmul(da, Wh.T), f * whole, np.matmul(x.T, da), np.matmul(prev_h.T, da), da.sum(0)


def lstm_forward(x, h0, Wx, Wh, b):
    caches = []

    def read(x_t, h):
        c = np.zeros_like(h)
        h, c, cache = lstm_step_forward(x_t, h, c, Wx, Wh, b)
        caches.append(cache)
        return h

    h = np.empty((x.shape[0], x.shape[1], h0.shape[1]), dtype=x.dtype)
    current = h0
    for t in range(x.shape[1]):
        current = read(x[:, t], current)
        h[:, t] = current
    return h, caches


def lstm_backward(dh, cache):
    n, steps, hidden = dh.shape
    dx = np.empty((n, steps, cache[0][0].shape[1]), dtype=dh.dtype)
    carry_h = np.zeros((n, hidden), dtype=dh.dtype)
    carry_c = np.zeros((n, hidden), dtype=dh.dtype)
    dWx, dWh, db = 0, 0, 0
    for t in reversed(range(steps)):
        dx[:, t], carry_h, carry_c, a, b, c = lstm_step_backward(carry_h + dh[:, t], carry_c, cache[t])
        dWx, dWh, db = dWx + a, dWh + b, db + c
    return dx, carry_h, dWx, dWh, db
