from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .batches import minibatches


@dataclass
class Trainer:
    params: dict[str, np.ndarray]
    step: Any
    lr: Any
    clock: itertools.count = field(default_factory=itertools.count)
    state: dict[str, Any] = field(default_factory=dict)

    def update(self, gradients):
        rate = self.lr(next(self.clock))
        for name, gradient in gradients.items():
            self.params[name], self.state[name] = self.step(
                self.params[name], gradient, self.state.get(name), lr=rate
            )


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    trainer = Trainer({k: np.array(v) for k, v in params.items()}, step, lr)
    history = []
    for _ in range(epochs):
        weighted = []
        for xb, yb in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, gradients = loss(dict(trainer.params), xb, yb)
            trainer.update(gradients)
            weighted.append(value * len(xb))
        history.append(float(sum(weighted)) / len(x))
    return trainer.params, history
