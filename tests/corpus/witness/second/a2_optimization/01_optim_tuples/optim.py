"""First-order optimisation algorithms.

All functions are pure: they neither modify the parameters nor the optimiser state passed in.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Moments(NamedTuple):
    """Running moments of Adam."""

    t: int
    mean: NDArray
    uncentered_variance: NDArray


def sgd_step(w: NDArray, dw: NDArray, state: Any, *, lr: float) -> tuple[NDArray, Any]:
    """Perform one step of vanilla stochastic gradient descent."""
    return (w - lr * dw).astype(w.dtype, copy=False), state


def momentum_step(
    w: NDArray, dw: NDArray, state: NDArray | None, *, lr: float, mu: float = 0.9
) -> tuple[NDArray, NDArray]:
    """Perform one step of (heavy-ball) momentum."""
    velocity = mu * (state if state is not None else np.zeros_like(w)) - lr * dw
    return (w + velocity).astype(w.dtype, copy=False), velocity


def adam_step(
    w: NDArray,
    dw: NDArray,
    state: Moments | None,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[NDArray, Moments]:
    """Perform one AdamW step.

    The bias-corrected moments are only used for the update; the state keeps the raw ones.
    """
    if state is None:
        state = Moments(0, np.zeros_like(w), np.zeros_like(w))
    t = state.t + 1
    mean = beta1 * state.mean + (1.0 - beta1) * dw
    variance = beta2 * state.uncentered_variance + (1.0 - beta2) * dw * dw
    corrected_mean = mean / (1.0 - beta1**t)
    corrected_variance = variance / (1.0 - beta2**t)
    update = corrected_mean / (np.sqrt(corrected_variance) + eps) + weight_decay * w
    return w - lr * update, Moments(t, mean, variance)
