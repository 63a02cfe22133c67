from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Step(NamedTuple):
    x: np.ndarray
    prev_h: np.ndarray
    prev_c: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray
    gates: np.ndarray  # (N, 4, H), after the activations
    squashed: np.ndarray  # tanh(next_c)


def _logistic(z):
    return np.exp(-np.logaddexp(0, -z))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    n, h = prev_h.shape
    a = (x @ Wx + prev_h @ Wh + b).reshape(n, 4, h)
    gates = np.concatenate([_logistic(a[:, :3]), np.tanh(a[:, 3:])], axis=1)
    i, f, o, g = (gates[:, k] for k in range(4))
    next_c = f * prev_c + i * g
    squashed = np.tanh(next_c)
    return o * squashed, next_c, Step(x, prev_h, prev_c, Wx, Wh, gates, squashed)


def lstm_step_backward(dnext_h, dnext_c, cache):
    i, f, o, g = np.moveaxis(cache.gates, 1, 0)
    dc = dnext_c + dnext_h * o * (1 - cache.squashed**2)
    dgates = np.stack([dc * g, dc * cache.prev_c, dnext_h * cache.squashed, dc * i], axis=1)
    slope = cache.gates * (1 - cache.gates)
    slope[:, 3] = 1 - g**2
    da = (dgates * slope).reshape(len(dc), -1)
    return da @ cache.Wx.T, da @ cache.Wh.T, f * dc, cache.x.T @ da, cache.prev_h.T @ da, da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h, c, tape, out = h0, np.zeros_like(h0), [], []
    for t in range(x.shape[1]):
        h, c, step = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        tape.append(step)
        out.append(h)
    return np.stack(out, axis=1), tape


def lstm_backward(dh, cache):
    dx = np.zeros((*dh.shape[:2], cache[0].x.shape[1]), dtype=dh.dtype)
    back_h = back_c = np.zeros_like(dh[:, 0])
    dWx, dWh = np.zeros_like(cache[0].Wx), np.zeros_like(cache[0].Wh)
    db = np.zeros(dWx.shape[1], dtype=dh.dtype)
    for t, step in reversed(list(enumerate(cache))):
        dx[:, t], back_h, back_c, *share = lstm_step_backward(dh[:, t] + back_h, back_c, step)
        for total, part in zip((dWx, dWh, db), share):
            total += part
    return dx, back_h, dWx, dWh, db
