"""Question 1: an affine layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    """x·w + b and a cache, for x (N, D), w (D, M), b (M,)."""
    return x @ w + b, (x, w)


def affine_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Gradients dx, dw, db for dout (N, M)."""
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
