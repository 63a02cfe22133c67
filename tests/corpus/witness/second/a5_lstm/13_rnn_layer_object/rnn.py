from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Gradients:
    Wx: np.ndarray
    Wh: np.ndarray
    b: np.ndarray

    def __iadd__(self, other):
        self.Wx = self.Wx + other.Wx
        self.Wh = self.Wh + other.Wh
        self.b = self.b + other.b
        return self


@dataclass
class Tape:
    Wx: np.ndarray
    Wh: np.ndarray
    steps: list = field(default_factory=list)


def _back(da, x, prev_h, Wx, Wh):
    return da @ Wx.T, da @ Wh.T, Gradients(x.T @ da, prev_h.T @ da, da.sum(axis=0))


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    *rest, next_h = cache
    dx, dprev, g = _back(dnext_h * (1 - next_h**2), *rest)
    return dx, dprev, g.Wx, g.Wh, g.b


def rnn_forward(x, h0, Wx, Wh, b):
    tape = Tape(Wx, Wh)
    h, hs = h0, []
    for t in range(x.shape[1]):
        after, _ = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        tape.steps.append((x[:, t], h, after))
        hs.append(after)
        h = after
    return np.stack(hs, axis=1), tape


def rnn_backward(dh, cache):
    total = Gradients(np.zeros_like(cache.Wx), np.zeros_like(cache.Wh), np.zeros_like(cache.Wh[0]))
    later = np.zeros_like(dh[:, 0])
    dx = []
    for t, (x, h, after) in reversed(list(enumerate(cache.steps))):
        da = (dh[:, t] + later) * (1 - after * after)
        dx_t, later, g = _back(da, x, h, cache.Wx, cache.Wh)
        total += g
        dx.append(dx_t)
    return np.stack(dx[::-1], axis=1), later, total.Wx, total.Wh, total.b
