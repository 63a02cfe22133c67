from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np


def score_gradient(x: np.ndarray, y: np.ndarray, params: Mapping[str, np.ndarray]) -> np.ndarray:
    """d score[y] / d x for every image."""
    out = np.empty_like(x)
    for n, (image, label) in enumerate(zip(x, y)):
        pre = image.ravel() @ params["W1"] + params["b1"]
        gate = np.where(pre > 0, params["W2"][:, label], 0)
        out[n] = (params["W1"] @ gate).reshape(image.shape)
    return out


def saliency_map(x: np.ndarray, y: np.ndarray, params: Mapping[str, np.ndarray]) -> np.ndarray:
    gradient = score_gradient(x, y, params)
    return np.max(np.abs(gradient), axis=1)


def integrated_gradients(
    gradient: Callable[[np.ndarray], np.ndarray], x: np.ndarray, baseline: np.ndarray, *, steps: int
) -> np.ndarray:
    """Riemann sum along the straight line from baseline to x."""
    if steps < 1:
        raise ValueError("need at least one step")
    delta = x - baseline
    alphas = np.linspace(0, 1, steps + 1)[1:]
    grads = np.stack([gradient((baseline + a * delta).astype(x.dtype)) for a in alphas])
    return delta * grads.mean(axis=0)
