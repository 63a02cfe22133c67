from collections.abc import Iterator

import numpy as np


def _directions(x: np.ndarray, h: float) -> Iterator[tuple[tuple[int, ...], np.ndarray]]:
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        yield index, step


def numerical_gradient(f, x, *, h=1e-5):
    g = np.empty(x.shape)
    for index, step in _directions(x, h):
        above, below = f(x + step), f(x - step)
        g[index] = (above - below) / (2.0 * h)
    return g


def grad_check(f, x, gradient, *, h=1e-5, tolerance=1e-6):
    gradient = np.asarray(gradient)
    if gradient.shape != np.shape(x):
        raise ValueError("the gradient must have the shape of x")
    numeric = numerical_gradient(f, x, h=h)
    if not np.isfinite(gradient).all():
        return False, np.inf
    norms = [np.sqrt((a**2).sum()) for a in (gradient - numeric, gradient, numeric)]
    worst = max(norms[1:])
    error = norms[0] / worst if worst else np.float64(0.0)
    return error <= tolerance, error
