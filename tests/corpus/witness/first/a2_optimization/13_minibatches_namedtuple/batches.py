from typing import NamedTuple

import numpy as np


class Batch(NamedTuple):
    x: np.ndarray
    y: np.ndarray


def minibatches(x, y, *, batch_size, rng):
    if len(x) != len(y):
        raise ValueError(f"{len(x)} inputs, {len(y)} targets")
    if batch_size < 1:
        raise ValueError(f"a batch of {batch_size}?")
    shuffled = rng.permutation(len(x))
    starts = range(0, len(x), batch_size)
    return [Batch(x[shuffled[s : s + batch_size]], y[shuffled[s : s + batch_size]]) for s in starts]
