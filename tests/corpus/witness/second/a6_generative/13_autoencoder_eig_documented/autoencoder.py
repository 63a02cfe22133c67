"""Tied-weight linear autoencoder, denoising objective and the PCA optimum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


def encode(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Project examples onto the columns of ``W``."""
    return np.matmul(x, W)


def decode(z: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Map codes back with the transposed encoder."""
    return np.matmul(z, np.transpose(W))


def autoencoder_loss(x: np.ndarray, target: np.ndarray, W: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the reconstruction loss and its gradient with respect to ``W``."""
    batch = len(x)
    code = encode(x, W)
    residual = decode(code, W) - target
    loss = float(np.linalg.norm(residual, "fro") ** 2) / batch
    grad_output = residual * (2.0 / batch)
    grad_decoder = np.matmul(grad_output.T, code)
    grad_encoder = np.matmul(x.T, np.matmul(grad_output, W))
    return loss, grad_decoder + grad_encoder


def add_noise(x: np.ndarray, *, std: float, rng: np.random.Generator) -> np.ndarray:
    """Corrupt ``x`` with additive Gaussian noise."""
    noise = rng.normal(0.0, 1.0, size=x.shape).astype(x.dtype, copy=False)
    return x + x.dtype.type(std) * noise


def denoising_loss(x: np.ndarray, W: np.ndarray, *, std: float, rng: np.random.Generator):
    """Reconstruct clean inputs from noisy ones."""
    return autoencoder_loss(x=add_noise(x, std=std, rng=rng), target=x, W=W)


@dataclass
class Decomposition:
    """Lazy singular value decomposition of a data matrix."""

    data: np.ndarray

    @cached_property
    def _svd(self):
        return np.linalg.svd(self.data, full_matrices=False)

    def directions(self, k: int) -> np.ndarray:
        return np.ascontiguousarray(self._svd[2][:k].T)

    def lost(self, k: int) -> float:
        tail = self._svd[1][k:]
        return float(np.dot(tail, tail)) / self.data.shape[0]


def principal_directions(x: np.ndarray, *, k: int) -> np.ndarray:
    """Right singular vectors of the ``k`` largest singular values."""
    return Decomposition(x).directions(k)


def pca_bound(x: np.ndarray, *, k: int) -> float:
    """Mean squared mass that a rank-``k`` reconstruction must lose."""
    return Decomposition(x).lost(k)
