"""Weight penalties (L1 / L2 regularisation)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def l2_penalty(w: np.ndarray, *, strength: float) -> tuple[float, np.ndarray]:
    """Return ``strength / 2 * ||w||^2`` together with its gradient."""
    penalty = 0.5 * strength * float(np.sum(np.square(w)))
    return penalty, strength * w


def l1_penalty(w: np.ndarray, *, strength: float) -> tuple[float, np.ndarray]:
    """Return ``strength * ||w||_1`` together with its (sub)gradient."""
    penalty = strength * float(np.abs(w).sum())
    return penalty, strength * np.sign(w)


def _is_weight(array: np.ndarray) -> bool:
    """Matrices and filter banks are regularised, bias vectors are not."""
    return array.ndim >= 2


def add_penalties(
    loss: float,
    gradients: Mapping[str, np.ndarray],
    params: Mapping[str, np.ndarray],
    *,
    l1: float,
    l2: float,
) -> tuple[float, dict[str, np.ndarray]]:
    """Add elastic-net regularisation to ``loss`` and ``gradients``."""
    total = loss
    regularised = dict(gradients)
    for name in filter(lambda key: _is_weight(params[key]), params):
        for penalty, strength in ((l1_penalty, l1), (l2_penalty, l2)):
            cost, slope = penalty(params[name], strength=strength)
            total += cost
            regularised[name] = regularised[name] + slope
    return float(total), regularised
