"""Smaller networks: weights set to zero, and weights of one bit."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def magnitude_prune(w: Array, *, sparsity: float) -> tuple[Array, Array]:
    """Set the weights of smallest magnitude to zero.

        k = sparsity · (number of weights), rounded to the nearest whole number
        mask = 0 at the k weights of smallest |w|, 1 at all others
        pruned = w · mask

    The weights are compared over the whole array. Exactly k are pruned: where weights of the same
    magnitude stand at the border, any of them may go, but no more than k in all. A weight that is zero
    already is one of the smallest; it is not pruned unless it is among the k. (Where k lies halfway
    between two whole numbers, either is right.)

    Args:
        w: weights of any shape, float64.
        sparsity: share of the weights to prune, 0 to 1.

    Returns:
        pruned: float64, shape of w.
        mask: numbers or truths, shape of w: 1 where a weight is kept and 0 where it is pruned.

    Raises:
        ValueError: sparsity is below 0 or above 1.

    w is not changed.

    Source: Han, Pool, Tran and Dally, Learning both Weights and Connections for Efficient Neural
    Networks (2015), section 3.
    """
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must lie between 0 and 1, is {sparsity}")
    k = round(sparsity * w.size)
    order = np.abs(w).argsort(axis=None, kind="stable")
    mask: Array = np.ones_like(w)
    mask.flat[order[:k]] = 0
    return w * mask, mask


def pruned_step(w: Array, dw: Array, mask: Array, *, lr: float) -> Array:
    """One step of gradient descent that leaves pruned weights at zero.

        next_w = w − lr·dw where mask is 1, and 0 where mask is 0

    The zeros do not depend on w and dw: a pruned weight is 0 even if w still holds something there.

    Args:
        w: weights, any shape, float64.
        dw: gradient of the loss with respect to w, shape of w.
        mask: from `magnitude_prune`, shape of w.
        lr: learning rate, positive.

    Returns:
        next_w: float64, shape of w.

    No input is changed.

    Source: Han, Pool, Tran and Dally, Learning both Weights and Connections for Efficient Neural
    Networks (2015), section 3.
    """
    return (w - lr * dw) * mask


def binarize_forward(w: Array) -> tuple[Array, Cache]:
    """Replace the weights of each unit by one size with two signs.

        alpha[m]  = Σ_d |w[d, m]| / D
        out[d, m] = +alpha[m] where w[d, m] >= 0, and −alpha[m] elsewhere

    So zero counts as positive. Column m holds the weights of output unit m, as in x·w: every unit has a
    size of its own.

    Args:
        w: real weights, shape (D, M), float64.

    Returns:
        out: binary weights, shape (D, M), float64.
        cache: what `binarize_backward` needs; w is enough.

    w is not changed.

    Source: Rastegari, Ordonez, Redmon and Farhadi, XNOR-Net (2016), section 3.1, equations 4 and 6.
    """
    alpha = np.abs(w).mean(axis=0)
    return np.where(w >= 0, alpha, -alpha), w


def binarize_backward(dout: Array, cache: Cache) -> Array:
    """Gradient for the real weights: the straight-through estimator, with a limit.

    The derivative of the sign is 0 nearly everywhere, so nothing would be learned. The estimator takes it
    for 1 where |w| <= 1 and for 0 where |w| > 1, and takes the size alpha for a constant:

        dw[d, m] = alpha[m]·dout[d, m] where |w[d, m]| <= 1, and 0 elsewhere

    Args:
        dout: gradient of the loss with respect to the binary weights, shape (D, M).
        cache: from `binarize_forward`.

    Returns:
        dw: gradient for the real weights, shape (D, M), float64.

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Bengio, Léonard and Courville, Estimating or Propagating Gradients Through Stochastic Neurons
    (2013), section 4; limit and size as in Rastegari and others, XNOR-Net (2016), section 3.1.
    """
    w = cache
    dw: Array = np.where(np.abs(w) <= 1, dout, 0) * np.abs(w).mean(axis=0)
    return dw
