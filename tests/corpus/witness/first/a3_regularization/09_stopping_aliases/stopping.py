import math


class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_value = math.inf
        self.best_params = {}
        self.best_epoch = -1
        self.epochs = 0

    def update(self, value, params):
        now = self.epochs
        if value < self.best_value - self.min_delta:
            self.best_value = value
            self.best_params = dict(params)
            self.best_epoch = now
        self.epochs = now + 1
        return (now - self.best_epoch) >= self.patience
