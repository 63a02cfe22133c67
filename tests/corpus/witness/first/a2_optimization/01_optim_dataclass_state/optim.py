"""Optimisers as pure functions with an explicit state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class MomentumState:
    velocity: np.ndarray


@dataclass(frozen=True)
class AdamState:
    step: int
    first: np.ndarray
    second: np.ndarray

    @classmethod
    def fresh(cls, like: np.ndarray) -> AdamState:
        return cls(0, np.zeros_like(like), np.zeros_like(like))

    def advance(self, grad: np.ndarray, beta1: float, beta2: float) -> AdamState:
        return replace(
            self,
            step=self.step + 1,
            first=beta1 * self.first + (1 - beta1) * grad,
            second=beta2 * self.second + (1 - beta2) * np.square(grad),
        )


def sgd_step(w, dw, state: Any, *, lr: float):
    return w - lr * dw, state


def momentum_step(w, dw, state: MomentumState | None, *, lr: float, mu: float = 0.9):
    previous = np.zeros_like(w) if state is None else state.velocity
    velocity = mu * previous - lr * dw
    return w + velocity, MomentumState(velocity)


def adam_step(
    w, dw, state: AdamState | None, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0
):
    state = (state or AdamState.fresh(w)).advance(dw, beta1, beta2)
    m_hat = state.first / (1 - beta1**state.step)
    v_hat = state.second / (1 - beta2**state.step)
    direction = m_hat / (np.sqrt(v_hat) + eps)
    return w - lr * (direction + weight_decay * w), state
