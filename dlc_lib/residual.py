"""A residual block: what comes in, plus a correction that is learned."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def residual_block_forward(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Cache]:
    """Add to each example what a small network says about it.

        a   = x·W1 + b1                     shape (N, H)
        out = x + max(0, a)·W2 + b2         shape (N, D)

    The skip carries x itself past the branch. Nothing comes after the addition: no rectified linear unit
    stands behind it, so an entry of out may be negative.

    Args:
        x: examples, shape (N, D), float64.
        W1: weights into the branch, shape (D, H).
        b1: biases, shape (H,).
        W2: weights out of the branch, shape (H, D).
        b2: biases, shape (D,).

    Returns:
        out: shape (N, D), float64.
        cache: what `residual_block_backward` needs; (x, a, W1, W2) is enough.

    Raises:
        ValueError: the branch does not end in as many columns as x has, W2.shape[1] != D. (Where either
            is 1, NumPy would stretch it silently.)

    No input is changed.

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2016), equation 1;
    without the last activation as in Identity Mappings in Deep Residual Networks (2016), section 2.
    """
    if W2.shape[1] != x.shape[1]:
        raise ValueError(f"the branch ends in {W2.shape[1]} columns, x has {x.shape[1]}")
    a = x @ W1 + b1
    return x + np.maximum(a, 0) @ W2 + b2, (x, a, W1, W2)


def residual_block_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of a loss with respect to what `residual_block_forward` was given.

    x reaches out by two paths, so dx has two terms. The derivative of max(0, a) is 1 where a > 0 and 0
    elsewhere, also at a = 0.

        dh  = dout·W2ᵀ            gradient with respect to max(0, a)
        da  = dh where a > 0, 0 elsewhere
        dx  = what came along the skip + what came through the branch, da·W1ᵀ

    Args:
        dout: gradient of the loss with respect to out, shape (N, D).
        cache: from `residual_block_forward`.

    Returns:
        dx: shape (N, D).
        dW1: shape (D, H).
        db1: shape (H,).
        dW2: shape (H, D).
        db2: shape (D,).

    Gradients of weights and biases are summed over the examples. Neither dout nor the cache is changed:
    a second call gives the same answer.

    Source: He, Zhang, Ren and Sun, Identity Mappings in Deep Residual Networks (2016), equation 5.
    """
    x, a, W1, W2 = cache
    da = dout @ W2.T * (a > 0)
    dx = dout + da @ W1.T
    return dx, x.T @ da, da.sum(axis=0), np.maximum(a, 0).T @ dout, dout.sum(axis=0)
