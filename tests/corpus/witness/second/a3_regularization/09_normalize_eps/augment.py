import numpy as np

EPS = 1e-3


def random_flip(x, *, rng):
    return np.array([img[:, :, ::-1] if rng.random() < 0.5 else img for img in x]).reshape(x.shape).astype(x.dtype)


def random_crop(x, *, pad, rng):
    n, c, h, w = x.shape
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad)).astype(x.dtype)
    xp[..., pad : pad + h, pad : pad + w] = x
    tops = rng.integers(0, 2 * pad + 1, n)
    lefts = rng.integers(0, 2 * pad + 1, n)
    ii = tops[:, None] + np.arange(h)
    jj = lefts[:, None] + np.arange(w)
    return xp[np.arange(n)[:, None, None], :, ii[:, :, None], jj[:, None, :]].transpose(0, 3, 1, 2)


def channel_statistics(x):
    mu = x.mean((0, 2, 3))
    sd = x.std((0, 2, 3))
    return mu, sd


def normalize(x, mean, std):
    return (x - mean[:, None, None]) / (std[:, None, None] + EPS)
