"""The training loop: epochs of minibatches, gradients, steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .arrays import Array, IntArray
from .batches import minibatches

Loss = Callable[[dict[str, Array], Array, IntArray], tuple[float, dict[str, Array]]]
Step = Callable[..., tuple[Array, Any]]


def train(
    params: Mapping[str, Array],
    loss: Loss,
    x: Array,
    y: IntArray,
    *,
    step: Step,
    lr: Callable[[int], float],
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Array], list[float]]:
    """Train a network.

    In each epoch, for each batch that `minibatches` makes of x and y:

        value, gradients = loss(params, x_batch, y_batch)
        params[name], state[name] = step(params[name], gradients[name], state[name], lr=lr(t))

    once for every name. The gradients of all parameters are taken before any of them moves. Each parameter
    has a state of its own, None before its first step. t counts the batches from 0 through all epochs.

    Args:
        params: arrays by name, float64.
        loss: loss(params, x_batch, y_batch) is the mean loss over the batch and a dict of its gradients.
        x: examples, shape (N, ...).
        y: what belongs to them, shape (N, ...).
        step: an optimizer, step(w, dw, state, lr=rate) -> (next_w, next_state).
        lr: learning rate at step t, a function such as lambda t: 0.1.
        epochs: passes over the data.
        batch_size: examples in a batch; the last batch of an epoch may hold fewer.
        rng: source of chance for `minibatches`.

    Returns:
        params: the trained arrays, in a new dict.
        history: for each epoch the mean loss over all N examples, each batch's loss taken when it was
            used and weighted by how many examples it holds; a list of numbers.

    Neither params nor its arrays, nor x, nor y are changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.3.1, algorithm 8.1.
    """
    params, states, history, t = dict(params), dict.fromkeys(params), [], 0
    for _ in range(epochs):
        total = 0.0
        for x_batch, y_batch in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, gradients = loss(params, x_batch, y_batch)
            rate = lr(t)
            for name, dw in gradients.items():
                params[name], states[name] = step(params[name], dw, states[name], lr=rate)
            total += value * len(x_batch)
            t += 1
        history.append(float(total / len(x)))
    return params, history
