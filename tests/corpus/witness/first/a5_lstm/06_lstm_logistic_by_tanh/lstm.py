"""LSTM layer: gates side by side in the order i, f, o, g."""

from __future__ import annotations

import numpy as np

GATES = ("i", "f", "o", "g")


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = dict(zip(GATES, np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)))
    gate = {name: np.tanh(v) if name == "g" else _sigmoid(v) for name, v in a.items()}
    next_c = gate["f"] * prev_c + gate["i"] * gate["g"]
    tanh_c = np.tanh(next_c)
    next_h = gate["o"] * tanh_c
    return next_h, next_c, {"in": (x, prev_h, prev_c, Wx, Wh), "gate": gate, "tanh_c": tanh_c}


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh = cache["in"]
    gate, tanh_c = cache["gate"], cache["tanh_c"]
    dc = dnext_c + dnext_h * gate["o"] * (1 - tanh_c**2)
    d = {
        "i": dc * gate["g"] * gate["i"] * (1 - gate["i"]),
        "f": dc * prev_c * gate["f"] * (1 - gate["f"]),
        "o": dnext_h * tanh_c * gate["o"] * (1 - gate["o"]),
        "g": dc * gate["i"] * (1 - gate["g"] ** 2),
    }
    da = np.concatenate([d[name] for name in GATES], axis=1)
    return da @ Wx.T, da @ Wh.T, dc * gate["f"], x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    h, c = h0, np.zeros_like(h0)
    out = np.zeros((x.shape[0], x.shape[1], h0.shape[1]), dtype=x.dtype)
    caches = []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        out[:, t] = h
        caches.append(cache)
    return out, caches


def lstm_backward(dh, cache):
    dprev_h = np.zeros_like(dh[:, 0])
    dprev_c = np.zeros_like(dh[:, 0])
    dx, grads = [], None
    for t in reversed(range(dh.shape[1])):
        dx_t, dprev_h, dprev_c, *step = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        dx.append(dx_t)
        grads = step if grads is None else [old + new for old, new in zip(grads, step)]
    return (np.stack(dx[::-1], axis=1), dprev_h, *grads)
