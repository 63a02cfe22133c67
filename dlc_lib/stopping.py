"""Early stopping: keep the best network seen, and stop when it has been the best for long."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from .arrays import Array


class EarlyStopping:
    """Watches a value on validation data, one call of `update` after each epoch.

    Attributes:
        patience: epochs without improvement after which training should stop, at least 1.
        min_delta: how much lower than the best a value must be to count as better, at least 0.
        best_value: the lowest value so far that counted; infinity before the first.
        best_params: copies of the parameters of that epoch, by name; empty before the first.
        best_epoch: its number, counted from 0; −1 before the first.
        epochs: number of calls of `update` so far.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 7.1; Prechelt, Early Stopping
    — But When? (1998).
    """

    best_value: float
    best_params: dict[str, Array]
    best_epoch: int

    def __init__(self, *, patience: int, min_delta: float = 0.0) -> None:
        """Nothing seen yet."""
        self.patience = patience
        self.min_delta = min_delta
        self.best_value = math.inf
        self.best_params = {}
        self.best_epoch = -1
        self.epochs = 0

    def update(self, value: float, params: Mapping[str, Array]) -> bool:
        """Take note of one epoch, and say whether to stop.

            better    value < best_value − min_delta
            stop      `patience` epochs have gone by since the best one: this epoch − best_epoch >= patience

        Each call adds 1 to epochs. After a better epoch best_value, best_params and best_epoch are those of
        this epoch. The arrays in best_params are copies: the network goes on learning, perhaps in the same
        arrays. A value that is NaN is never better.

        Args:
            value: loss on validation data after this epoch.
            params: parameters after this epoch, by name.

        Returns:
            stop: True if training should stop.

        params is not changed.

        Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 7.1.
        """
        if value < self.best_value - self.min_delta:
            self.best_value, self.best_epoch = float(value), self.epochs
            self.best_params = {name: np.array(w) for name, w in params.items()}
        self.epochs += 1
        return self.epochs - 1 - self.best_epoch >= self.patience
