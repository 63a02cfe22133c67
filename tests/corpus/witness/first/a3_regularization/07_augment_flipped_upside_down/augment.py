import numpy as np


def random_flip(x, *, rng):
    flip = rng.random(len(x)) < 0.5
    return np.where(flip[:, None, None, None], x[:, :, ::-1], x)


def random_crop(x, *, pad, rng):
    n, _, h, w = x.shape
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    rows = rng.integers(2 * pad + 1, size=n)
    cols = rng.integers(2 * pad + 1, size=n)
    windows = [padded[i, :, r : r + h, c : c + w] for i, (r, c) in enumerate(zip(rows, cols))]
    return np.stack(windows) if windows else x.copy()


def channel_statistics(x):
    return x.mean(axis=(0, 2, 3)), x.std(axis=(0, 2, 3))


def normalize(x, mean, std):
    scale = np.where(std == 0, 1, std).astype(x.dtype)
    shape = (1, -1, 1, 1)
    return (x - mean.reshape(shape)) / scale.reshape(shape)
