"""A plain recurrent network: one layer that reads a sequence and remembers."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def rnn_step_forward(x: Array, prev_h: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Cache]:
    """Read one step of every sequence.

        next_h = tanh(x·Wx + prev_h·Wh + b)

    Args:
        x: input of this step, shape (N, D), float64.
        prev_h: hidden state after the step before, shape (N, H).
        Wx: weights from the input, shape (D, H).
        Wh: weights from the hidden state, shape (H, H).
        b: biases, shape (H,).

    Returns:
        next_h: shape (N, H), float64.
        cache: what `rnn_step_backward` needs; (x, prev_h, Wx, Wh, next_h) is enough.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equations 10.8 and 10.9.
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `rnn_step_forward` was given.

        da = dnext_h · (1 − next_h²)        gradient with respect to what tanh was given

    Args:
        dnext_h: gradient of the loss with respect to next_h, shape (N, H).
        cache: from `rnn_step_forward`.

    Returns:
        dx: shape (N, D).
        dprev_h: shape (N, H).
        dWx: shape (D, H).
        dWh: shape (H, H).
        db: shape (H,).

    Gradients of weights and biases are summed over the examples. Neither dnext_h nor the cache is changed:
    a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 10.2.2.
    """
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def rnn_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Cache]:
    """Read whole sequences, one `rnn_step_forward` after the other, with the same weights in each.

    Args:
        x: inputs, shape (N, T, D), T at least 1, float64.
        h0: hidden state before the first step, shape (N, H).
        Wx: weights from the input, shape (D, H).
        Wh: weights from the hidden state, shape (H, H).
        b: biases, shape (H,).

    Returns:
        h: hidden state after every step, shape (N, T, H), float64.
        cache: what `rnn_backward` needs; a list of the caches of all steps is enough.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 10.2.
    """
    h, state, caches = [], h0, []
    for t in range(x.shape[1]):
        state, cache = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h.append(state)
        caches.append(cache)
    return np.stack(h, axis=1), caches


def rnn_backward(dh: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `rnn_forward` was given: backpropagation through time.

    h[:, t] went to the loss, as dh[:, t] says, and into step t + 1. The gradient with respect to it is the
    sum of both, so one goes from the last step to the first and carries dprev_h along.

    Args:
        dh: gradient of the loss with respect to h, each step's own share, shape (N, T, H).
        cache: from `rnn_forward`.

    Returns:
        dx: shape (N, T, D).
        dh0: shape (N, H).
        dWx: shape (D, H).
        dWh: shape (H, H).
        db: shape (H,).

    Gradients of weights and biases are summed over examples and steps. Neither dh nor the cache is changed:
    a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 10.2.2.
    """
    dx, carried, weights = [], np.zeros_like(dh[:, 0]), []
    for t in reversed(range(dh.shape[1])):
        dx_t, carried, *steps = rnn_step_backward(dh[:, t] + carried, cache[t])
        dx.append(dx_t)
        weights.append(steps)
    dWx, dWh, db = (np.sum(steps, axis=0) for steps in zip(*weights, strict=True))
    return np.stack(dx[::-1], axis=1), carried, dWx, dWh, db
