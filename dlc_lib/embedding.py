"""Vectors for tokens: a table that is learned."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache, IntArray


def embedding_forward(x: IntArray, W: Array) -> tuple[Array, Cache]:
    """Look up the vector of every token.

        out[n, t] = W[x[n, t]]

    Args:
        x: tokens, shape (N, T), integers of any width from 0 to V − 1.
        W: a vector for each token, shape (V, D), float64.

    Returns:
        out: shape (N, T, D), float64.
        cache: what `embedding_backward` needs; (x, W.shape) is enough.

    No input is changed.

    Source: Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model (2003), section 2.
    """
    return W[x], (x, W.shape)


def embedding_backward(dout: Array, cache: Cache) -> Array:
    """Gradient of a loss with respect to the table that `embedding_forward` was given.

        dW[v] = Σ of dout[n, t] over all places (n, t) where x[n, t] = v

    Args:
        dout: gradient of the loss with respect to out, shape (N, T, D).
        cache: from `embedding_forward`.

    Returns:
        dW: shape (V, D), float64; zero for tokens that do not occur.

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model (2003), section 3.2.
    """
    x, shape = cache
    dW = np.zeros(shape, dtype=dout.dtype)
    np.add.at(dW, x, dout)
    return dW
