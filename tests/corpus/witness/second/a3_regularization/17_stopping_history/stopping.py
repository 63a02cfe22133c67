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
        match value < self.best_value - self.min_delta:
            case True:
                snapshot = {name: array.copy() for name, array in params.items()}
                self.best_value, self.best_epoch, self.best_params = float(value), self.epochs, snapshot
            case _:
                pass
        since_best = self.epochs - self.best_epoch
        self.epochs = self.epochs + 1
        return since_best >= self.patience
