import copy
import math


class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_value = math.inf
        self.best_params = {}
        self.best_epoch = -1
        self.epochs = 0
        self._bad = 0

    def update(self, value, params):
        is_better = not math.isnan(value) and self.best_value - value > self.min_delta
        if math.isinf(self.best_value) and value < math.inf:
            is_better = True
        if is_better:
            self.best_value = value
            self.best_params = copy.deepcopy(dict(params))
            self.best_epoch = self.epochs
            self._bad = 0
        else:
            self._bad += 1
        self.epochs += 1
        return self._bad >= self.patience
