import numpy as np


def encode(x, W):
    return (W.T @ x.T).T


def decode(z, W):
    return (W @ z.T).T


def autoencoder_loss(x, target, W):
    z = encode(x, W)
    R = decode(z, W) - target
    G = R.T @ x  # (D, D); the gradient is 2/N (G + G^T) W
    return float(np.trace(R @ R.T)) / len(x), (2 / len(x) * ((G + G.T) @ W)).astype(W.dtype)


def add_noise(x, *, std, rng):
    e = rng.standard_normal(x.size).reshape(x.shape)
    return np.asarray(x + std * e, dtype=x.dtype)


def denoising_loss(x, W, *, std, rng):
    return autoencoder_loss(add_noise(x, std=std, rng=rng), x, W)


def principal_directions(x, *, k):
    return np.linalg.svd(x.T, full_matrices=False)[0][:, :k]


def pca_bound(x, *, k):
    V = principal_directions(x, k=min(k, *x.shape))
    rest = x - x @ V @ V.T
    return float((rest**2).sum() / len(x))
