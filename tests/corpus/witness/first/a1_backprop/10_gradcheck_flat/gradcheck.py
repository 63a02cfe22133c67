import math

import numpy as np


def _bumped(x, i, by):
    flat = np.array(x, dtype=np.float64).ravel()
    flat[i] += by
    return flat.reshape(x.shape)


def numerical_gradient(f, x, *, h=1e-5):
    slopes = [(f(_bumped(x, i, h)) - f(_bumped(x, i, -h))) / (2 * h) for i in range(x.size)]
    return np.array(slopes, dtype=np.float64).reshape(x.shape)


def grad_check(f, x, gradient, *, h=1e-5, tolerance=1e-6):
    match gradient.shape == x.shape, bool(np.isfinite(gradient).all()):
        case False, _:
            raise ValueError("shape of gradient and x differ")
        case True, False:
            return False, math.inf
    numeric = numerical_gradient(f, x, h=h)

    def length(v):
        return math.sqrt(float(np.sum(np.square(v, dtype=np.float64))))

    bottom = max(length(gradient), length(numeric))
    error = length(gradient - numeric) / bottom if bottom > 0 else 0.0
    return bool(error <= tolerance), float(error)
