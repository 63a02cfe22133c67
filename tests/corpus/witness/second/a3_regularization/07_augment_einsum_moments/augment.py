import numpy as np


def random_flip(x, *, rng):
    coin = rng.integers(2, size=(x.shape[0], 1, 1, 1)).astype(x.dtype)
    return coin * x[..., ::-1] + (1 - coin) * x


def _frame(image, pad):
    c, h, w = image.shape
    canvas = np.zeros((c, h + 2 * pad, w + 2 * pad), image.dtype)
    canvas[:, pad : h + pad, pad : w + pad] = image
    return canvas


def random_crop(x, *, pad, rng):
    cropped = np.zeros_like(x)
    h, w = x.shape[-2:]
    for image, target in zip(x, cropped):
        i, j = rng.integers(0, 2 * pad + 1, 2)
        target[...] = _frame(image, pad)[:, i : i + h, j : j + w]
    return cropped


def channel_statistics(x):
    n, c, h, w = x.shape
    count = n * h * w
    mean = np.einsum("nchw->c", x) / count
    centred = x - mean[:, None, None]
    std = np.sqrt(np.einsum("nchw,nchw->c", centred, centred) / count)
    return mean, std


def normalize(x, mean, std):
    safe = np.array([s if s > 0 else 1.0 for s in std], dtype=x.dtype)
    return (x - mean[None, :, None, None]) / safe[None, :, None, None]
