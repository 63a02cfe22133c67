"""LSTM with input and hidden weights stacked into one matrix."""

from __future__ import annotations

import numpy as np


def _sigmoid(z: np.ndarray) -> np.ndarray:
    shrunk = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, shrunk).astype(z.dtype) / (1 + shrunk)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    joined = np.hstack([x, prev_h])
    a = joined @ np.vstack([Wx, Wh]) + b
    i, f, o, g = np.array_split(a, 4, axis=1)
    i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, {"joined": joined, "W": np.vstack([Wx, Wh]), "D": len(Wx), "acts": (i, f, o, g, prev_c, next_c)}


def lstm_step_backward(dnext_h, dnext_c, cache):
    i, f, o, g, prev_c, next_c = cache["acts"]
    t = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - t) * (1 + t)
    di, df, do, dg = dc * g, dc * prev_c, dnext_h * t, dc * i
    da = np.hstack([di * (i - i**2), df * (f - f**2), do * (o - o**2), dg * (1 - g**2)])
    d_joined, dW, D = da @ cache["W"].T, cache["joined"].T @ da, cache["D"]
    return d_joined[:, :D], d_joined[:, D:], dc * f, dW[:D], dW[D:], da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    state = (h0, np.zeros_like(h0))
    outputs, caches = [], []
    for t in range(x.shape[1]):
        *state, cache = lstm_step_forward(x[:, t], *state, Wx, Wh, b)
        outputs.append(state[0])
        caches.append(cache)
    return np.stack(outputs, axis=1), tuple(caches)


def lstm_backward(dh, cache):
    carry = [np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0])]
    dx, weights = [], None
    for t, step in zip(range(len(cache) - 1, -1, -1), reversed(cache)):
        dx_t, carry[0], carry[1], *own = lstm_step_backward(dh[:, t] + carry[0], carry[1], step)
        dx.append(dx_t)
        weights = own if weights is None else [w + o for w, o in zip(weights, own)]
    return np.stack(dx[::-1], axis=1), carry[0], *weights
