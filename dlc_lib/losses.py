"""Losses: how wrong the answers of a batch are, and which way is better."""

from __future__ import annotations

import numpy as np

from .arrays import Array, IntArray


def softmax_loss(x: Array, y: IntArray) -> tuple[float, Array]:
    """Cross-entropy of the softmax of scores, and its gradient.

        p[n, k] = exp(x[n, k]) / Σ_j exp(x[n, j])
        loss    = −1/N Σ_n log p[n, y[n]]
        dx      = (p − onehot(y)) / N

    The loss is finite for scores of any size: a row may be shifted by its largest score without changing
    p, and log p[n, k] = x[n, k] − log Σ_j exp(x[n, j]) needs no logarithm of a probability.

    Args:
        x: scores, shape (N, K), float64.
        y: right classes, shape (N,), from 0 to K − 1; integers of any width, such as uint8 or int64.

    Returns:
        loss: mean over the batch, a number.
        dx: gradient of the loss with respect to x, shape (N, K), float64.

    Neither x nor y is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.
    """
    samples = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dx = np.exp(log_p)
    dx[samples, y] -= 1
    return float(-log_p[samples, y].mean()), dx / len(x)


def mse_loss(x: Array, y: Array) -> tuple[float, Array]:
    """Squared error, and its gradient.

        loss = 1/N Σ_n ‖x[n] − y[n]‖²      dx = 2/N (x − y)

    The mean is over the N samples only: the squares of one sample are summed, and there is no factor 1/2.

    Args:
        x: predictions, shape (N, ...), float64.
        y: targets, shape of x.

    Returns:
        loss: mean over the batch, a number.
        dx: gradient of the loss with respect to x, shape of x, float64.

    Neither x nor y is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.1.4, equation 5.5.
    """
    difference = x - y
    return float((difference**2).sum() / len(x)), 2 * difference / len(x)
