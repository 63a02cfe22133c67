"""Steps downhill: stochastic gradient descent, momentum and Adam.

Each step takes the weights, the gradient of the loss with respect to them and what it kept from the step
before, and gives the next weights and what to keep. Nothing that it is given is changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array


def sgd_step(w: Array, dw: Array, state: Any, *, lr: float) -> tuple[Array, Any]:
    """Go against the gradient.

        next_w = w − lr · dw

    Args:
        w: weights, any shape, float64.
        dw: gradient of the loss with respect to w, shape of w.
        state: None in the first step, then what the step before returned.
        lr: learning rate.

    Returns:
        next_w: shape of w, float64.
        next_state: whatever you like, such as state: there is nothing to keep.

    Neither w nor dw nor state is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 8.1.
    """
    return w - lr * dw, state


def momentum_step(w: Array, dw: Array, state: Any, *, lr: float, mu: float = 0.9) -> tuple[Array, Any]:
    """Go on in the direction of the steps before, and let the gradient bend it.

        v      = mu · v − lr · dw            v is 0 before the first step
        next_w = w + v

    The learning rate is inside the velocity: a new one changes what is added from now on, not the speed
    that was gathered. (PyTorch keeps it outside: the same path while lr is constant.)

    Args:
        w: weights, any shape, float64.
        dw: gradient of the loss with respect to w, shape of w.
        state: None in the first step, then what the step before returned.
        lr: learning rate.
        mu: share of the velocity that is kept, 0 to 1.

    Returns:
        next_w: shape of w, float64.
        next_state: what the next step needs, such as the velocity.

    Neither w nor dw nor state is changed: the same state may be gone on from twice.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 8.2; Sutskever, Martens, Dahl
    and Hinton, On the importance of initialization and momentum in deep learning (2013), equations 1, 2.
    """
    v = np.zeros_like(w) if state is None else state
    v = mu * v - lr * dw
    return w + v, v


def adam_step(
    w: Array,
    dw: Array,
    state: Any,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[Array, Any]:
    """Go against the mean gradient, measured in its usual size, entry by entry.

        t      = t + 1                                t is 0, m and v are 0 before the first step
        m      = beta1 · m + (1 − beta1) · dw
        v      = beta2 · v + (1 − beta2) · dw²
        m̂      = m / (1 − beta1^t)                    v̂ = v / (1 − beta2^t)
        next_w = w − lr · ( m̂ / (sqrt(v̂) + eps) + weight_decay · w )

    The first step has t = 1. eps stands outside the root. Weight decay pulls at the weights themselves and
    does not pass through m and v (AdamW).

    Args:
        w: weights, any shape, float64.
        dw: gradient of the loss with respect to w, shape of w.
        state: None in the first step, then what the step before returned.
        lr: learning rate: about the size of a step, whatever the size of the gradient.
        beta1: share of the mean gradient that is kept, 0 to less than 1.
        beta2: share of the mean square that is kept, 0 to less than 1.
        eps: keeps the quotient finite where the gradient is 0.
        weight_decay: pull towards 0.

    Returns:
        next_w: shape of w, float64.
        next_state: what the next step needs, such as t, m and v.

    Neither w nor dw nor state is changed: the same state may be gone on from twice.

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1; Loshchilov and
    Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2 without its schedule multiplier, the
    decay multiplied by lr.
    """
    t, m, v = (0, np.zeros_like(w), np.zeros_like(w)) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w), (t, m, v)
