"""The two layers of a feed-forward network: affine maps and rectified linear units."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, Cache]:
    """Map every sample linearly and shift it.

        out = X·w + b,  where row n of X (N, D) is sample n of x with its axes flattened in order

    Args:
        x: samples, shape (N, d1, ..., dk) with d1·...·dk = D, k at least 1; float64.
        w: weights, shape (D, M).
        b: biases, shape (M,).

    Returns:
        out: shape (N, M), float64.
        cache: what `affine_backward` needs; (x, w) is enough.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1.
    """
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to what `affine_forward` was given.

        dx = dout·wᵀ, in the shape of x      dw = Xᵀ·dout      db = Σ_n dout[n]

    Args:
        dout: gradient of the loss with respect to out, shape (N, M).
        cache: from `affine_forward`.

    Returns:
        dx: shape (N, d1, ..., dk), float64 like the others.
        dw: shape (D, M).
        db: shape (M,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.
    """
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0)


def relu_forward(x: Array) -> tuple[Array, Cache]:
    """Keep what is positive, entry by entry.

        out = max(0, x)

    Args:
        x: any shape with one axis or more, float64.

    Returns:
        out: shape of x, float64.
        cache: what `relu_backward` needs; x is enough.

    x is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.1.
    """
    return np.maximum(x, 0), x


def relu_backward(dout: Array, cache: Cache) -> Array:
    """Gradient of a loss with respect to what `relu_forward` was given.

        dx = dout where x > 0, and 0 elsewhere; so the derivative at x = 0 is 0

    Args:
        dout: gradient of the loss with respect to out, shape of x.
        cache: from `relu_forward`.

    Returns:
        dx: shape of x, float64.

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.1.
    """
    return np.where(cache > 0, dout, 0).astype(cache.dtype, copy=False)
