from __future__ import annotations

import math

import numpy as np


class EarlyStopping:
    """Keep the best parameters, stop after `patience` epochs without improvement."""

    def __init__(self, *, patience: int, min_delta: float = 0.0) -> None:
        self.patience = patience
        self.min_delta = min_delta
        self.best_value = math.inf
        self.best_params = {}
        self.best_epoch = -1
        self.epochs = 0

    def _record(self, epoch: int, value: float, params) -> None:
        self.best_epoch = epoch
        self.best_value = value
        self.best_params = {name: np.array(array, copy=True) for name, array in params.items()}

    def update(self, value, params) -> bool:
        epoch = self.epochs
        self.epochs += 1
        improved = value < self.best_value - self.min_delta  # False for NaN
        if improved:
            self._record(epoch, value, params)
            return False
        return epoch - self.best_epoch >= self.patience
