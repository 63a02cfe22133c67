"""Gradients by finite differences: an independent check of a gradient derived on paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import Array


def numerical_gradient(f: Callable[[Array], float], x: Array, *, h: float = 1e-5) -> Array:
    """Gradient of a function by central differences.

        g[i] = (f(x + h·e_i) − f(x − h·e_i)) / (2·h)      for every entry i of x

    The error is of order h² for a smooth f. A one-sided difference would be of order h.

    Args:
        f: takes an array of the shape of x, gives one number.
        x: where to differentiate, any shape with one axis or more, float64.
        h: step, above 0.

    Returns:
        g: shape of x, float64.

    x is the same after the call as before, to the last digit.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 11.6, equation 11.6.
    """
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.astype(np.float64), x.astype(np.float64)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def grad_check(
    f: Callable[[Array], float],
    x: Array,
    gradient: Array,
    *,
    h: float = 1e-5,
    tolerance: float = 1e-6,
) -> tuple[bool, float]:
    """Whether a gradient agrees with finite differences of the function it claims to belong to.

        error = ‖gradient − g‖ / max(‖gradient‖, ‖g‖)      with g = numerical_gradient(f, x)

    over all entries together, so that neither the size of f nor a single entry near 0 decides. The error
    is 0 where both are 0 everywhere.

    Args:
        f: takes an array of the shape of x, gives one number.
        x: where to check, any shape with one axis or more, float64.
        gradient: the gradient to be checked, shape of x.
        h: step of the differences.
        tolerance: largest error that passes.

    Returns:
        ok: True where error <= tolerance; False for a gradient that is not finite.
        error: the number above; infinite for a gradient that is not finite.

    Raises:
        ValueError: gradient has not the shape of x.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 11.6.
    """
    if gradient.shape != x.shape:
        raise ValueError(f"the gradient has shape {gradient.shape}, x has {x.shape}")
    if not np.all(np.isfinite(gradient)):
        return False, float("inf")
    numeric = numerical_gradient(f, x, h=h)
    scale = max(float(np.linalg.norm(gradient)), float(np.linalg.norm(numeric)))
    error = float(np.linalg.norm(gradient - numeric)) / scale if scale > 0 else 0.0
    return error <= tolerance, error
