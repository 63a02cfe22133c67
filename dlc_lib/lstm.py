"""Long short-term memory: a recurrent layer that decides what to keep."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def lstm_step_forward(
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, Cache]:
    """Read one step of every sequence.

    The four gates stand side by side in one array, H columns each, in the order i, f, o, g:

        a = x·Wx + prev_h·Wh + b                            shape (N, 4H)
        i = sigmoid(a_i)    f = sigmoid(a_f)    o = sigmoid(a_o)    g = tanh(a_g)
        next_c = f · prev_c + i · g                         entry by entry
        next_h = o · tanh(next_c)

    The result is finite for gates of any size: sigmoid(±1000) is 1 and 0. (PyTorch has the order i, f, g, o
    and two biases.)

    Args:
        x: input of this step, shape (N, D), float64.
        prev_h: hidden state after the step before, shape (N, H).
        prev_c: cell state after the step before, shape (N, H).
        Wx: weights from the input, shape (D, 4H).
        Wh: weights from the hidden state, shape (H, 4H).
        b: biases, shape (4H,).

    Returns:
        next_h: shape (N, H), float64.
        next_c: shape (N, H).
        cache: what `lstm_step_backward` needs; (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c) is enough.

    No input is changed.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); with the forget gate of Gers,
    Schmidhuber and Cummins, Learning to Forget (2000), section 3.
    """
    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    # The sigmoid as a tanh is finite for a of any size, where exp(−a) is not.
    i, f, o = ((1 + np.tanh(a / 2)) / 2 for a in (a_i, a_f, a_o))
    g = np.tanh(a_g)
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_step_backward(
    dnext_h: Array, dnext_c: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `lstm_step_forward` was given.

    next_c was read twice: by next_h in this step, and by the step after it. So the whole gradient with
    respect to it is dnext_c plus what comes back through next_h.

    Args:
        dnext_h: gradient of the loss with respect to next_h, shape (N, H).
        dnext_c: gradient with respect to next_c along all ways but that through next_h, shape (N, H).
        cache: from `lstm_step_forward`.

    Returns:
        dx: shape (N, D).
        dprev_h: shape (N, H).
        dprev_c: shape (N, H).
        dWx: shape (D, 4H).
        dWh: shape (H, 4H).
        db: shape (4H,).

    Gradients of weights and biases are summed over the examples. Neither dnext_h nor dnext_c nor the cache
    is changed: a second call gives the same answer.

    Source: Gers, Schmidhuber and Cummins, Learning to Forget (2000), section 3; Greff et al., LSTM: A Search
    Space Odyssey (2017), appendix.
    """
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - t**2)
    da_i = dc * g * i * (1 - i)
    da_f = dc * prev_c * f * (1 - f)
    da_o = dnext_h * t * o * (1 - o)
    da_g = dc * i * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Cache]:
    """Read whole sequences, one `lstm_step_forward` after the other, with the same weights in each.

    The cell state before the first step is 0.

    Args:
        x: inputs, shape (N, T, D), T at least 1, float64.
        h0: hidden state before the first step, shape (N, H).
        Wx: weights from the input, shape (D, 4H).
        Wh: weights from the hidden state, shape (H, 4H).
        b: biases, shape (4H,).

    Returns:
        h: hidden state after every step, shape (N, T, H), float64.
        cache: what `lstm_backward` needs; a list of the caches of all steps is enough.

    No input is changed.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997).
    """
    h, state, c, caches = [], h0, np.zeros_like(h0), []
    for t in range(x.shape[1]):
        state, c, cache = lstm_step_forward(x[:, t], state, c, Wx, Wh, b)
        h.append(state)
        caches.append(cache)
    return np.stack(h, axis=1), caches


def lstm_backward(dh: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `lstm_forward` was given.

    Two gradients are carried from the last step to the first: dprev_h and dprev_c. Nothing comes after the
    last step, and the cell state before the first is no input.

    Args:
        dh: gradient of the loss with respect to h, each step's own share, shape (N, T, H).
        cache: from `lstm_forward`.

    Returns:
        dx: shape (N, T, D).
        dh0: shape (N, H).
        dWx: shape (D, 4H).
        dWh: shape (H, 4H).
        db: shape (4H,).

    Gradients of weights and biases are summed over examples and steps. Neither dh nor the cache is changed:
    a second call gives the same answer.

    Source: Graves and Schmidhuber, Framewise phoneme classification with bidirectional LSTM (2005), section
    2.2.
    """
    dx, carried_h, carried_c, weights = [], np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0]), []
    for t in reversed(range(dh.shape[1])):
        dx_t, carried_h, carried_c, *steps = lstm_step_backward(dh[:, t] + carried_h, carried_c, cache[t])
        dx.append(dx_t)
        weights.append(steps)
    dWx, dWh, db = (np.sum(steps, axis=0) for steps in zip(*weights, strict=True))
    return np.stack(dx[::-1], axis=1), carried_h, dWx, dWh, db
