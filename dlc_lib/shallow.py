"""The lecture's network: one hidden layer of rectified linear units and one output."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def shallow_forward(x: Array, W: Array, c: Array, w: Array, b: Array) -> tuple[Array, Cache]:
    """Output of the network for every sample of a batch.

        f(x; W, c, w, b) = wᵀ·max{0, Wᵀ·x + c} + b

    Args:
        x: samples, shape (N, D), float64; row n is the x of the formula for sample n.
        W: weights of the hidden layer, shape (D, H).
        c: biases of the hidden layer, shape (H,).
        w: weights of the output, shape (H,).
        b: bias of the output, shape ().

    Returns:
        f: shape (N,), float64.
        cache: what `shallow_backward` needs.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.3.
    """
    hidden = np.maximum(x @ W + c, 0)
    return hidden @ w + b, (x, W, w, hidden)


def shallow_backward(df: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `shallow_forward` was given.

    With z = x·W + c and h = max{0, z}, row n for sample n,

        dw = hᵀ·df               db = Σ_n df[n]
        dh[n, k] = df[n]·w[k]    dz = dh where z > 0, and 0 elsewhere
        dW = xᵀ·dz               dc = Σ_n dz[n]              dx = dz·Wᵀ

    Args:
        df: gradient of the loss with respect to f, shape (N,).
        cache: from `shallow_forward`.

    Returns:
        dx: shape (N, D), float64 like the others.
        dW: shape (D, H).
        dc: shape (H,).
        dw: shape (H,).
        db: shape ().

    Neither df nor the cache is changed: a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.6.
    """
    x, W, w, hidden = cache
    dz = np.where(hidden > 0, np.outer(df, w), 0)
    return dz @ W.T, x.T @ dz, dz.sum(axis=0), hidden.T @ df, np.asarray(df.sum())


def xor_parameters() -> tuple[Array, Array, Array, Array]:
    """Parameters with which the network computes exclusive or: W, c, w, b.

    f is 0 for (0, 0) and (1, 1), and 1 for (0, 1) and (1, 0). Both hidden units see the sum of the
    inputs; the second, shifted by 1, takes back twice what the first says for (1, 1).

    Returns:
        W: shape (2, 2).
        c: shape (2,).
        w: shape (2,).
        b: shape ().

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equations 6.4 to 6.6.
    """
    return np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), np.array(0.0)
