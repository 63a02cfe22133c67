import numpy as np


def encode(x, W):
    assert x.shape[1] == W.shape[0]
    return np.array([W.T @ sample for sample in x], dtype=x.dtype).reshape(len(x), W.shape[1])


def decode(z, W):
    assert z.shape[1] == W.shape[1]
    return np.array([W @ code for code in z], dtype=z.dtype).reshape(len(z), W.shape[0])


def autoencoder_loss(x, target, W):
    assert x.shape == target.shape
    n = len(x)
    loss = 0.0
    dW = np.zeros_like(W)
    for sample, wanted in zip(x, target):
        code = W.T @ sample
        diff = W @ code - wanted
        loss += float(diff @ diff) / n
        slope = 2 * diff / n
        dW += np.outer(slope, code) + np.outer(sample, W.T @ slope)
    return loss, dW


def add_noise(x, *, std, rng):
    if std < 0:
        raise ValueError("negative standard deviation")
    return x + (rng.normal(size=x.shape) * std).astype(x.dtype)


def denoising_loss(x, W, *, std, rng):
    return autoencoder_loss(add_noise(x, std=std, rng=rng), x, W)


def principal_directions(x, *, k):
    u, s, v_transposed = np.linalg.svd(x, full_matrices=True)
    return np.stack([v_transposed[i] for i in range(k)], axis=1)


def pca_bound(x, *, k):
    s = np.linalg.svd(x, full_matrices=False)[1]
    return sum(float(value) ** 2 for value in s[k:]) / len(x)
