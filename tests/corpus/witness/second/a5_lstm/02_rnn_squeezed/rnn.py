import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, [x, prev_h, Wx, Wh, next_h]


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dz = dnext_h * (1.0 - next_h * next_h)
    return dz @ Wx.T, dz @ Wh.T, x.T @ dz, prev_h.T @ dz, np.sum(dz, 0)


def rnn_forward(x, h0, Wx, Wh, b):
    T = x.shape[1]
    h_t = h0
    all_h, all_c = [], []
    for x_t in np.split(x, T, axis=1):
        h_t, c_t = rnn_step_forward(x_t[:, 0], h_t, Wx, Wh, b)
        all_h.append(h_t[:, None, :])
        all_c.append(c_t)
    return np.concatenate(all_h, axis=1).squeeze(), all_c


def rnn_backward(dh, cache):
    N, T, H = dh.shape
    dx = np.zeros((N, T, cache[0][0].shape[1]), dh.dtype)
    dWx, dWh, db = (np.zeros_like(a) for a in (cache[0][2], cache[0][3], cache[0][3][0]))
    dh_t = np.zeros((N, H), dh.dtype)
    for t in range(T - 1, -1, -1):
        dh_t = dh_t + dh[:, t]
        dx[:, t], dh_t, a, c, e = rnn_step_backward(dh_t, cache[t])
        dWx += a
        dWh += c
        db += e
    return dx, dh_t, dWx, dWh, db
