from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def gradient_norms(x: np.ndarray, weights: Sequence[np.ndarray], dout: np.ndarray, *, skip: bool) -> np.ndarray:
    h, branches = x, []
    for W in weights:
        branches.append(t := np.tanh(h @ W))
        h = h + t if skip else t
    gradients = [dout]
    for W, t in zip(list(weights)[::-1], branches[::-1]):
        g = gradients[-1]
        gradients.append(((1 + t) * (1 - t) * g) @ W.T + (g if skip else 0))
    return np.sqrt([np.vdot(g, g) for g in reversed(gradients)])
