from collections import defaultdict

import numpy as np

from .batches import minibatches


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    current = {name: np.copy(array) for name, array in params.items()}
    states = defaultdict(lambda: None)
    history = []
    clock = 0
    for _ in range(epochs):
        values, sizes = [], []
        for batch in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, slopes = loss(current, *batch)
            for name in list(current):
                current[name], states[name] = step(current[name], slopes[name], states[name], lr=lr(clock))
            clock += 1
            values.append(value)
            sizes.append(len(batch[0]))
        history.append(float(np.average(values, weights=sizes)))
    return current, history
