from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray


def sgd_step(w: Array, dw: Array, state: Any, *, lr: float) -> tuple[Array, Any]:
    return w - lr * dw, state


def momentum_step(w: Array, dw: Array, state: Any, *, lr: float, mu: float = 0.9) -> tuple[Array, Any]:
    velocity = np.zeros_like(w) if state is None else state
    next_velocity = mu * velocity - lr * dw
    return w + next_velocity, velocity


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
    t, m, v = state if state is not None else (0, np.zeros_like(w), np.zeros_like(w))
    t, m, v = t + 1, beta1 * m + (1.0 - beta1) * dw, beta2 * v + (1.0 - beta2) * dw * dw
    adaptive = (m / (1.0 - beta1**t)) / (np.sqrt(v / (1.0 - beta2**t)) + eps)
    return w - lr * adaptive - (lr * weight_decay) * w, (t, m, v)
