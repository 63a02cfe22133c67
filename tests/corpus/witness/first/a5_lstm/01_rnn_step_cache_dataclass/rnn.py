from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(slots=True)
class StepCache:
    x: np.ndarray
    prev_h: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray
    next_h: np.ndarray


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, StepCache(x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    da = dnext_h * (1 - np.square(cache.next_h))
    return da @ cache.Wx.T, da @ cache.Wh.T, cache.x.T @ da, cache.prev_h.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    states, caches = [], []
    h = h0
    for x_t in np.swapaxes(x, 0, 1):
        h, cache = rnn_step_forward(x_t, h, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def rnn_backward(dh, cache):
    steps = dh.shape[1]
    last = cache[-1]
    dx = np.empty((dh.shape[0], steps, last.Wx.shape[0]), dtype=dh.dtype)
    dWx, dWh = np.zeros_like(last.Wx), np.zeros_like(last.Wh)
    db = np.zeros(last.Wh.shape[0], dtype=dh.dtype)
    carried = np.zeros_like(dh[:, 0])
    for t in range(steps - 1, -1, -1):
        dx[:, t], carried, *weights = rnn_step_backward(dh[:, t] + carried, cache[t])
        dWx += weights[0]
        dWh += weights[1]
        db += weights[2]
    return dx, carried, dWx, dWh, db
