from dataclasses import dataclass

import numpy as np


@dataclass
class TiedAutoencoder:
    W: np.ndarray

    def encode(self, x):
        return np.matmul(x, self.W)

    def decode(self, z):
        return np.matmul(z, self.W.T)

    def loss_and_gradient(self, x, target):
        code = self.encode(x)
        residual = self.decode(code) - target
        loss = float(np.mean(np.sum(residual**2, axis=1)))
        d_residual = residual * (2 / x.shape[0])
        d_code = self.encode(d_residual)
        gradient = np.matmul(d_residual.T, code)
        gradient += np.matmul(x.T, d_code)
        return loss, gradient


def encode(x, W):
    return TiedAutoencoder(W).encode(x)


def decode(z, W):
    return TiedAutoencoder(W).decode(z)


def autoencoder_loss(x, target, W):
    return TiedAutoencoder(W).loss_and_gradient(x, target)


def add_noise(x, *, std, rng):
    dtype = x.dtype
    e = rng.standard_normal(size=x.shape)
    return (x + std * e).astype(dtype)


def denoising_loss(x, W, *, std, rng):
    corrupted = add_noise(x, std=std, rng=rng)
    model = TiedAutoencoder(W)
    return model.loss_and_gradient(corrupted, x)


def _spectrum(x):
    values, vectors = np.linalg.eigh(x.T @ x)
    order = np.argsort(values)[::-1]
    return np.maximum(values[order], 0), vectors[:, order]


def principal_directions(x, *, k):
    _, vectors = _spectrum(x)
    return vectors[:, :k]


def pca_bound(x, *, k):
    if k >= min(x.shape):
        return 0.0
    values, _ = _spectrum(x)
    return float(values[k:].sum() / x.shape[0])
