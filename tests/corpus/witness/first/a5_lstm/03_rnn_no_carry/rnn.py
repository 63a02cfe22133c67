import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.concatenate([x, prev_h], axis=1) @ np.concatenate([Wx, Wh]) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h - dnext_h * next_h * next_h
    dboth = da @ np.concatenate([Wx, Wh]).T
    dW = np.concatenate([x, prev_h], axis=1).T @ da
    D = x.shape[1]
    return dboth[:, :D], dboth[:, D:], dW[:D], dW[D:], da.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.empty((*x.shape[:2], len(b)), dtype=x.dtype)
    caches = {}
    for t in range(x.shape[1]):
        h[:, t], caches[t] = rnn_step_forward(x[:, t], h[:, t - 1] if t else h0, Wx, Wh, b)
    return h, caches


def rnn_backward(dh, cache):
    N, T, H = dh.shape
    total = None
    dx = []
    for t in range(T - 1, -1, -1):
        dx_t, dh0, *grads = rnn_step_backward(dh[:, t], cache[t])
        dx.insert(0, dx_t)
        total = grads if total is None else [a + g for a, g in zip(total, grads)]
    return np.stack(dx, axis=1), dh0, *total
