import math

import numpy as np


class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_value, self.best_params = math.inf, {}
        self.best_epoch, self.epochs = -1, 0

    def update(self, value, params):
        epoch, self.epochs = self.epochs, self.epochs + 1
        if np.less(value, self.best_value - self.min_delta):
            self.best_value = value
            self.best_epoch = epoch
            self.best_params = {k: v.copy() for k, v in params.items()}
        waited = epoch - self.best_epoch
        return bool(waited > self.patience)
