from __future__ import annotations

import numpy as np


def _size(g: np.ndarray) -> float:
    return float(np.sqrt(np.mean(g**2)))


def gradient_norms(x, weights, dout, *, skip):
    weights = list(weights)

    def walk(layer, value):
        """Gradient at the input of `layer`, and norms from there on."""
        if layer == len(weights):
            return dout, [_size(dout)]
        t = np.tanh(value @ weights[layer])
        g, norms = walk(layer + 1, value + t if skip else t)
        back = (g * (1 - t**2)) @ weights[layer].T
        g = back + g if skip else back
        return g, [_size(g), *norms]

    return np.array(walk(0, x)[1])
