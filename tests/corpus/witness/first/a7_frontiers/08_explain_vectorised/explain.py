"""Gradient-based explanations."""

from __future__ import annotations

import numpy as np


def score_gradient(x, y, params):
    flat = x.reshape(len(x), -1)
    active = flat @ params["W1"] + params["b1"] > 0
    towards_class = np.take(params["W2"], y, axis=1).T
    gradient = np.einsum("nm,nm,dm->nd", active, towards_class, params["W1"])
    return gradient.reshape(x.shape).astype(x.dtype, copy=False)


def saliency_map(x, y, params):
    return np.abs(score_gradient(x, y, params)).max(axis=1)


def integrated_gradients(gradient, x, baseline, *, steps):
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    way = x - baseline
    middles = (np.arange(steps) + 0.5) / steps
    total = sum(gradient(baseline + share * way) for share in middles.astype(x.dtype))
    return way * (total / steps)
