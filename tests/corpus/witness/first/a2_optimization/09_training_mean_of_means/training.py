from __future__ import annotations

import logging
from statistics import fmean

from .batches import minibatches

logger = logging.getLogger("train")


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    weights = dict(params)
    memory = dict.fromkeys(weights)
    history: list[float] = []
    iteration = 0
    for epoch in range(epochs):
        losses = []
        for inputs, targets in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, grads = loss(weights, inputs, targets)
            losses.append(float(value))
            eta = lr(iteration)
            updated = {k: step(weights[k], grads[k], memory[k], lr=eta) for k in weights}
            weights = {k: pair[0] for k, pair in updated.items()}
            memory = {k: pair[1] for k, pair in updated.items()}
            iteration += 1
        history.append(fmean(losses))
        logger.info("epoch %d: loss %.4f", epoch, history[-1])
    return weights, history
