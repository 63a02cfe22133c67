import numpy as np


def random_flip(x, *, rng):
    out = x.copy()
    for n in range(x.shape[0]):
        coin = rng.integers(0, 2)
        if coin == 1:
            for c in range(x.shape[1]):
                out[n, c] = np.fliplr(x[n, c])
    return out


def random_crop(x, *, pad, rng):
    N, C, H, W = x.shape
    big = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    big[:, :, pad : pad + H, pad : pad + W] = x
    out = np.empty_like(x)
    for n in range(N):
        top = rng.integers(0, 2 * pad + 1)
        left = rng.integers(0, 2 * pad + 1)
        out[n] = big[n, :, top : top + H, left : left + W]
    return out


def channel_statistics(x):
    means = []
    stds = []
    for c in range(x.shape[1]):
        means.append(x[:, c].mean())
        stds.append(x[:, c].std())
    return np.array(means, dtype=x.dtype), np.array(stds, dtype=x.dtype)


def normalize(x, mean, std):
    out = np.empty_like(x)
    for c in range(x.shape[1]):
        out[:, c] = x[:, c] - mean[c]
        if std[c] != 0:
            out[:, c] /= std[c]
    return out
