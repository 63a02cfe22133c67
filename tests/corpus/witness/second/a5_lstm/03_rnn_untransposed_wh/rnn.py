import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    h = np.tanh(b + x @ Wx + prev_h @ Wh)
    return h, (x, prev_h, Wx, Wh, h)


def rnn_step_backward(dnext_h, cache):
    x, h_in, U, V, h = cache
    g = dnext_h * (1 - h**2)
    gx = g @ U.T
    gh = g @ V
    return gx, gh, x.T @ g, h_in.T @ g, g.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    seq = [h0]
    mem = []
    for t in range(x.shape[1]):
        h, m = rnn_step_forward(x[:, t], seq[t], Wx, Wh, b)
        seq.append(h)
        mem.append(m)
    return np.stack(seq[1:], 1), mem


def rnn_backward(dh, cache):
    T = len(cache)
    gx = [0] * T
    gU = gV = gb = 0
    gh = 0
    for t in range(T - 1, -1, -1):
        gx[t], gh, u, v, c = rnn_step_backward(gh + dh[:, t], cache[t])
        gU, gV, gb = gU + u, gV + v, gb + c
    return np.stack(gx, 1), gh, gU, gV, gb
