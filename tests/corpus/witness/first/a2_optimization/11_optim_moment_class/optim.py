from __future__ import annotations

import numpy as np


class RunningMean:
    """Exponentially weighted mean that knows how many samples it has seen."""

    __slots__ = ("beta", "count", "value")

    def __init__(self, beta, value=0.0, count=0):
        self.beta, self.value, self.count = beta, value, count

    def seen(self, sample) -> RunningMean:
        value = self.beta * self.value + (1 - self.beta) * sample
        return RunningMean(self.beta, value, self.count + 1)

    @property
    def corrected(self):
        return self.value / (1 - self.beta**self.count)


def sgd_step(w, dw, state, *, lr):
    return w + (-lr) * dw, "stateless"


def momentum_step(w, dw, state, *, lr, mu=0.9):
    speed = 0.0 if state is None else state
    speed = mu * speed - lr * dw
    return w + speed, speed


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    if state is None:
        state = RunningMean(beta1), RunningMean(beta2)
    first, second = state[0].seen(dw), state[1].seen(dw**2)
    ratio = first.corrected / (np.sqrt(second.corrected) + eps)
    return (w - lr * ratio - lr * weight_decay * w).astype(w.dtype), (first, second)
