"""Linear autoencoder with tied weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]


def encode(x: FloatArray, W: FloatArray) -> FloatArray:
    return np.einsum("nd,dk->nk", x, W)


def decode(z: FloatArray, W: FloatArray) -> FloatArray:
    return np.einsum("nk,dk->nd", z, W)


def autoencoder_loss(x: FloatArray, target: FloatArray, W: FloatArray) -> tuple[float, FloatArray]:
    n = x.shape[0]
    z = encode(x, W)
    error = decode(z, W) - target
    loss = np.einsum("nd,nd->", error, error) / n
    dy = 2.0 / n * error
    through_decoder = np.einsum("nd,nk->dk", dy, z)
    through_encoder = np.einsum("nd,nk->dk", x, encode(dy, W))
    return float(loss), (through_decoder + through_encoder).astype(W.dtype, copy=False)


def add_noise(x: FloatArray, *, std: float, rng: np.random.Generator) -> FloatArray:
    noise = rng.normal(loc=0.0, scale=std, size=x.shape)
    return (x + noise).astype(x.dtype)


def denoising_loss(x: FloatArray, W: FloatArray, *, std: float, rng: np.random.Generator) -> tuple[float, FloatArray]:
    return autoencoder_loss(add_noise(x, std=std, rng=rng), target=x, W=W)


def principal_directions(x: FloatArray, *, k: int) -> FloatArray:
    _, _, vt = np.linalg.svd(x, full_matrices=False)
    return vt[:k].T


def pca_bound(x: FloatArray, *, k: int) -> float:
    singular = np.linalg.svd(x, compute_uv=False)
    return float(np.sum(np.square(singular[k:])) / len(x))
