from collections.abc import Iterator

import numpy as np


def _hidden(x, params):
    return np.tensordot(x.reshape(x.shape[0], -1), params["W1"], axes=1) + params["b1"]


def score_gradient(x, y, params):
    on = _hidden(x, params) > 0
    rows = params["W2"].T[y]
    return ((rows * on) @ params["W1"].T).reshape(x.shape)


def saliency_map(x, y, params):
    g = score_gradient(x, y, params)
    return np.maximum.reduce(np.maximum(g, -g), axis=1)


def _middles(x, baseline, steps) -> Iterator[np.ndarray]:
    piece = (x - baseline) / steps
    for k in range(steps):
        yield baseline + (k + 0.5) * piece


def integrated_gradients(gradient, x, baseline, *, steps):
    match steps:
        case int() | np.integer() if steps >= 1:
            pass
        case _:
            raise ValueError("steps must be a positive whole number")
    mean = np.zeros(x.shape, dtype=np.float64)
    for point in _middles(x, baseline, steps):
        mean += np.asarray(gradient(point)) / steps
    return ((x - baseline) * mean).astype(x.dtype)
