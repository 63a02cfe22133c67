import numpy as np


class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_value = np.inf
        self.best_params = {}
        self.best_epoch = -1
        self.epochs = 0

    def update(self, value, params):
        value = np.float64(value)
        if np.isfinite(value) and value < self.best_value - self.min_delta:
            self.best_value = value
            self.best_epoch = self.epochs
            self.best_params = {key: np.copy(val) for key, val in params.items()}
        self.epochs += 1
        return np.bool_(self.epochs - 1 - self.best_epoch >= self.patience)
