import numpy as np


def sigm(v):
    v = np.clip(v, -500, 500)
    return 1.0 / (1.0 + np.exp(-v))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_c.shape[1]
    z = x @ Wx
    z = z + prev_h @ Wh
    z = z + b
    i = sigm(z[:, :H])
    f = sigm(z[:, H : H * 2])
    o = sigm(z[:, H * 2 : H * 3])
    g = np.tanh(z[:, H * 3 :])
    c = f * prev_c + i * g
    h = o * np.tanh(c)
    return h, c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, c = cache
    # c = f * prev_c + i * g  =>  dc/dprev_c = f
    dprev_c = dnext_c * f
    # h = o * tanh(c)  =>  dh/do = tanh(c), dh/dc = o * (1 - tanh^2 c)
    do = dnext_h * np.tanh(c)
    dc = dnext_c + dnext_h * o * (1 - np.tanh(c) ** 2)
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dz = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
    dx = dz @ Wx.T
    dprev_h = dz @ Wh.T
    dWx = x.T @ dz
    dWh = prev_h.T @ dz
    db = dz.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db
