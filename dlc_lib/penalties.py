"""Penalties on weights: what large weights cost, and how that pulls at them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .arrays import Array


def l2_penalty(w: Array, *, strength: float) -> tuple[float, Array]:
    """Cost of the squares of the weights, and its gradient.

        penalty = strength/2 · Σ w²        dw = strength · w

    Args:
        w: weights, any shape, float64.
        strength: at least 0.

    Returns:
        penalty: a number.
        dw: gradient of the penalty with respect to w, shape of w, float64.

    w is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.1.1.
    """
    return float(strength / 2 * (w**2).sum()), strength * w


def l1_penalty(w: Array, *, strength: float) -> tuple[float, Array]:
    """Cost of the magnitudes of the weights, and its gradient.

        penalty = strength · Σ |w|         dw = strength where w > 0, −strength where w < 0, 0 where w = 0

    Args:
        w: weights, any shape, float64.
        strength: at least 0.

    Returns:
        penalty: a number.
        dw: gradient of the penalty with respect to w, shape of w, float64.

    w is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.1.2.
    """
    return float(strength * np.abs(w).sum()), strength * np.sign(w)


def add_penalties(
    loss: float, gradients: Mapping[str, Array], params: Mapping[str, Array], *, l1: float, l2: float
) -> tuple[float, dict[str, Array]]:
    """Add both penalties of all weights to a loss and to its gradients.

    Arrays of two or more axes are weights. Arrays of one axis are biases: they are left alone, in the loss
    and in the gradients.

    Args:
        loss: of a batch, without penalties.
        gradients: of that loss, by the name of the parameter.
        params: parameters by name, the same names.
        l1: strength of `l1_penalty`.
        l2: strength of `l2_penalty`.

    Returns:
        loss: with the penalties of all weights; a number.
        gradients: of that, float64, in a new dict.

    Neither gradients nor params nor their arrays are changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.1.
    """
    total = dict(gradients)
    for name, w in params.items():
        if w.ndim > 1:
            first, push = l1_penalty(w, strength=l1)
            second, pull = l2_penalty(w, strength=l2)
            loss += first + second
            total[name] = total[name] + push + pull
    return float(loss), total
