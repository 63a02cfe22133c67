import math

import numpy as np


def softmax_loss(x, y):
    n, k = x.shape
    total = 0.0
    dx = np.zeros((n, k), dtype=x.dtype)
    for row in range(n):
        biggest = max(float(v) for v in x[row])
        exps = [math.exp(float(v) - biggest) for v in x[row]]
        norm = math.fsum(exps)
        right = int(y[row])
        total += math.log(norm) - (float(x[row, right]) - biggest)
        for col in range(k):
            dx[row, col] = (exps[col] / norm - (1.0 if col == right else 0.0)) / n
    return total / n, dx


def mse_loss(x, y):
    n = x.shape[0]
    flat = (x - y).ravel()
    return math.fsum(float(v) * float(v) for v in flat) / n, (x - y) / n * 2
