from __future__ import annotations

from collections import OrderedDict

from .batches import minibatches


def _epochs(x, y, epochs, batch_size, rng):
    t = 0
    for epoch in range(epochs):
        for xb, yb in minibatches(x, y, batch_size=batch_size, rng=rng):
            yield epoch, t, xb, yb
            t += 1


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    weights = OrderedDict((name, array.copy()) for name, array in params.items())
    states = {}
    sums = [0.0] * epochs
    for epoch, t, xb, yb in _epochs(x, y, epochs, batch_size, rng):
        value, gradients = loss(weights, xb, yb)
        sums[epoch] += float(value) * len(xb)
        moved = OrderedDict()
        for name, w in weights.items():
            moved[name], states[name] = step(w, gradients[name], states.get(name), lr=lr(t))
        weights = moved
    return weights, [total / len(x) for total in sums]
