"""Autoencoders: images through a bottleneck and back, and what no linear one can do better."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def encode(x: Array, W: Array) -> Array:
    """Code of every example: z = x·W.

    Args:
        x: examples, shape (N, D), float64.
        W: weights, shape (D, K).

    Returns:
        z: codes, shape (N, K), float64.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 14.
    """
    z: Array = x @ W
    return z


def decode(z: Array, W: Array) -> Array:
    """Example for every code, with the weights of the encoder: y = z·Wᵀ.

    Args:
        z: codes, shape (N, K), float64.
        W: weights, shape (D, K).

    Returns:
        y: shape (N, D), float64.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 14.
    """
    y: Array = z @ W.T
    return y


def autoencoder_loss(x: Array, target: Array, W: Array) -> tuple[float, Array]:
    """How far the decoded code of x is from a target, and the gradient.

        loss = 1/N Σ_n ‖decode(encode(x))[n] − target[n]‖²

    The mean is over the N examples only: the squares of one example are summed, without a factor 1/2. W is
    used twice, by the encoder and by the decoder, and dW is the sum of what both say.

    Args:
        x: examples, shape (N, D), float64.
        target: what should come out, shape (N, D); x itself for a plain autoencoder.
        W: weights, shape (D, K).

    Returns:
        loss: one number.
        dW: gradient of the loss with respect to W, float64, shape of W.

    No input is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 14.1.
    """
    z = encode(x, W)
    error = decode(z, W) - target
    dy = 2 * error / len(x)
    return float((error**2).sum() / len(x)), dy.T @ z + x.T @ (dy @ W)


def add_noise(x: Array, *, std: float, rng: np.random.Generator) -> Array:
    """Examples with normal noise in every entry, independently.

        noisy = x + std · e        e of mean 0 and variance 1

    Args:
        x: examples, any shape, float64.
        std: standard deviation of the noise, at least 0.
        rng: source of chance.

    Returns:
        noisy: float64, shape of x.

    x is not changed.

    Source: Vincent et al., Stacked Denoising Autoencoders (2010), section 3.3.
    """
    noise = std * rng.standard_normal(x.shape)
    return x + noise.astype(x.dtype)


def denoising_loss(x: Array, W: Array, *, std: float, rng: np.random.Generator) -> tuple[float, Array]:
    """Loss of an autoencoder that is shown noisy examples and should give back the clean ones.

        loss = autoencoder_loss(add_noise(x), x, W)

    Args:
        x: clean examples, shape (N, D), float64.
        W: weights, shape (D, K).
        std: standard deviation of the noise.
        rng: source of chance.

    Returns:
        loss: one number.
        dW: gradient of the loss with respect to W, float64, shape of W.

    No input is changed.

    Source: Vincent et al., Stacked Denoising Autoencoders (2010), section 3.1.
    """
    return autoencoder_loss(add_noise(x, std=std, rng=rng), x, W)


def principal_directions(x: Array, *, k: int) -> Array:
    """The K directions along which the examples vary most.

    Columns are orthogonal and of length 1, in the order of falling variance. Each may point either way. x is
    taken as it is: no mean is subtracted.

    Args:
        x: examples, shape (N, D), float64.
        k: number of directions, from 1 to the smaller of N and D.

    Returns:
        V: shape (D, k).

    x is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 2.12.
    """
    _, _, Vt = np.linalg.svd(x, full_matrices=False)
    return Vt[:k].T


def pca_bound(x: Array, *, k: int) -> float:
    """The least loss that a linear autoencoder with a code of K numbers can have on these examples.

        bound = 1/N · (sum of the squares of all singular values of x but the K largest)

    It is the loss of W = principal_directions(x), and no W does better (Eckart and Young).

    Args:
        x: examples, shape (N, D), float64.
        k: numbers in a code, at least 1; the bound is 0 from the smaller of N and D on.

    Returns:
        bound: one number.

    x is not changed.

    Source: Baldi and Hornik, Neural networks and principal component analysis (1989), section 2.
    """
    sizes = np.linalg.svd(x, compute_uv=False)
    return float((sizes[k:] ** 2).sum() / len(x))
