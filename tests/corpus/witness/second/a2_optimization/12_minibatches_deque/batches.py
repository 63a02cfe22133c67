from collections import deque

import numpy as np


def minibatches(x, y, *, batch_size, rng):
    if batch_size < 1:
        raise ValueError("a batch holds at least one example")
    if np.shape(x)[0] != np.shape(y)[0]:
        raise ValueError("as many labels as examples, please")
    waiting = deque(rng.permuted(np.arange(len(x))).tolist())
    result = []
    while waiting:
        chosen = [waiting.popleft() for _ in range(min(batch_size, len(waiting)))]
        result.append((x.take(chosen, axis=0), y.take(chosen, axis=0)))
    return result
