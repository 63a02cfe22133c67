"""A vanilla RNN in functional style."""

from itertools import accumulate

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", prev_h, Wh) + b)
    return next_h, dict(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, next_h=next_h)


def rnn_step_backward(dnext_h, cache):
    da = (1 - cache["next_h"] ** 2) * dnext_h
    return (
        np.einsum("nh,dh->nd", da, cache["Wx"]),
        np.einsum("nh,kh->nk", da, cache["Wh"]),
        np.einsum("nd,nh->dh", cache["x"], da),
        np.einsum("nk,nh->kh", cache["prev_h"], da),
        np.einsum("nh->h", da),
    )


def rnn_forward(x, h0, Wx, Wh, b):
    def step(pair, x_t):
        return rnn_step_forward(x_t, pair[0], Wx, Wh, b)

    steps = list(accumulate(x.transpose(1, 0, 2), step, initial=(h0, None)))[1:]
    return np.array([h for h, _ in steps]).transpose(1, 0, 2), [cache for _, cache in steps]


def rnn_backward(dh, cache):
    dprev = 0.0
    pieces = []
    for dh_t, step in zip(dh.transpose(1, 0, 2)[::-1], cache[::-1]):
        dx, dprev, *weights = rnn_step_backward(dh_t + dprev, step)
        pieces.append((dx, *weights))
    dxs, *weights = zip(*pieces)
    return np.stack(dxs[::-1], axis=1), dprev, *(sum(w[1:], start=w[0]) for w in weights)
