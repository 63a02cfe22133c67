from __future__ import annotations

import numpy as np


class Shuffled:
    """A view of an array in random order, cut into batches."""

    def __init__(self, array: np.ndarray, batch_size: int, rng: np.random.Generator) -> None:
        self.array = rng.permutation(array)
        self.batch_size = batch_size

    def __len__(self) -> int:
        return -(-len(self.array) // self.batch_size)

    def __getitem__(self, i: int) -> np.ndarray:
        if i >= len(self):
            raise IndexError(i)
        return self.array[i * self.batch_size : (i + 1) * self.batch_size]


def minibatches(x, y, *, batch_size, rng):
    if batch_size < 1 or len(x) != len(y):
        raise ValueError("bad batch size or lengths")
    return list(zip(Shuffled(x, batch_size, rng), Shuffled(y, batch_size, rng)))
