"""Batch normalization, of vectors and of images."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def batchnorm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    state: dict[str, Array],
    *,
    train: bool,
    momentum: float,
    eps: float,
) -> tuple[Array, Cache, dict[str, Array]]:
    """Normalize each feature over the batch, then scale and shift it.

        x_hat = (x − mean) / sqrt(var + eps)        eps stands inside the square root
        out   = gamma · x_hat + beta

    In training, mean and var are those of the batch, over axis 0, with var = Σ (x − mean)² / N (divided
    by N, not N − 1), and the running averages move towards them:

        running ← momentum · running + (1 − momentum) · batch        for mean and var

    In testing, mean and var are the running averages, which stay as they are.

    Args:
        x: examples, shape (N, D), float64.
        gamma: scales, shape (D,).
        beta: shifts, shape (D,).
        state: {"running_mean": shape (D,), "running_var": shape (D,)}.
        train: True in training, False in testing.
        momentum: share of the old running average that is kept, 0 to 1. (torch calls 1 − momentum so.)
        eps: positive number that keeps the division finite.

    Returns:
        out: shape (N, D), float64.
        cache: what `batchnorm_backward` needs; (x_hat, gamma, sqrt(var + eps)) is enough.
        next_state: the running averages after the call, as a new dict with new arrays where they moved.

    No input is changed, nor is what `state` holds.

    Source: Ioffe and Szegedy, Batch Normalization (2015), algorithms 1 and 2; the running variance here
    is the biased one, as in algorithm 1.
    """
    mean, var = state["running_mean"], state["running_var"]
    next_state = dict(state)
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        next_state = {
            "running_mean": momentum * state["running_mean"] + (1 - momentum) * mean,
            "running_var": momentum * state["running_var"] + (1 - momentum) * var,
        }
    deviation = np.sqrt(var + eps)
    x_hat = (x - mean) / deviation
    return gamma * x_hat + beta, (x_hat, gamma, deviation), next_state


def batchnorm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to x, gamma and beta of a training pass.

    mean and var depend on every x of the batch, so x reaches out by three paths:

        dbeta  = Σ_n dout
        dgamma = Σ_n dout · x_hat
        dx_hat = gamma · dout
        dvar   = −1/2 · (var + eps)^(−3/2) · Σ_n dx_hat · (x − mean)
        dmean  = −Σ_n dx_hat / sqrt(var + eps)
        dx     = dx_hat / sqrt(var + eps) + dvar · 2 (x − mean) / N + dmean / N

    Args:
        dout: gradient of the loss with respect to out, shape (N, D).
        cache: from `batchnorm_forward` with train=True.

    Returns:
        dx: shape (N, D), float64.
        dgamma: shape (D,).
        dbeta: shape (D,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Ioffe and Szegedy, Batch Normalization (2015), section 3.
    """
    x_hat, gamma, deviation = cache
    N = len(dout)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx = gamma / deviation * (dout - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    state: dict[str, Array],
    *,
    train: bool,
    momentum: float,
    eps: float,
) -> tuple[Array, Cache, dict[str, Array]]:
    """Batch normalization of images: one mean and one variance for each channel.

    What `batchnorm_forward` does with the N·H·W pixels as examples and the C channels as features.

    Args:
        x: images, shape (N, C, H, W), float64.
        gamma: scales, shape (C,).
        beta: shifts, shape (C,).
        state: {"running_mean": shape (C,), "running_var": shape (C,)}.
        train: True in training, False in testing.
        momentum: share of the old running average that is kept, 0 to 1.
        eps: positive number inside the square root.

    Returns:
        out: shape (N, C, H, W), float64.
        cache: what `spatial_batchnorm_backward` needs.
        next_state: the running averages after the call.

    No input is changed, nor is what `state` holds.

    Source: Ioffe and Szegedy, Batch Normalization (2015), section 3.2.
    """
    N, C, H, W = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out, cache, next_state = batchnorm_forward(
        pixels, gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache, next_state


def spatial_batchnorm_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to x, gamma and beta of a training pass over images.

    Args:
        dout: gradient of the loss with respect to out, shape (N, C, H, W).
        cache: from `spatial_batchnorm_forward` with train=True.

    Returns:
        dx: shape (N, C, H, W), float64.
        dgamma: shape (C,).
        dbeta: shape (C,).

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Ioffe and Szegedy, Batch Normalization (2015), section 3.2.
    """
    N, C, H, W = dout.shape
    dpixels, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), cache)
    return dpixels.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
