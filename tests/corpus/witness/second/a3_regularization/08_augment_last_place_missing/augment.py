from __future__ import annotations

import numpy as np


def _offset(pad: int, rng: np.random.Generator) -> tuple[int, int]:
    """Random top left corner of the window."""
    if pad == 0:
        return 0, 0
    return int(rng.integers(0, 2 * pad)), int(rng.integers(0, 2 * pad))


def random_flip(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    out = x.copy()
    chosen = np.flatnonzero(rng.random(x.shape[0]) > 0.5)
    out[chosen] = np.flip(x[chosen], axis=-1)
    return out


def random_crop(x: np.ndarray, *, pad: int, rng: np.random.Generator) -> np.ndarray:
    h, w = x.shape[2], x.shape[3]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.empty_like(x)
    for n, image in enumerate(padded):
        top, left = _offset(pad, rng)
        out[n] = image[:, top : top + h, left : left + w]
    return out


def channel_statistics(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    axes = (0, 2, 3)
    mean = np.mean(x, axis=axes)
    std = np.sqrt(np.var(x, axis=axes))
    return mean, std


def normalize(x: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    m = np.expand_dims(mean, (0, 2, 3))
    s = np.expand_dims(np.where(std > 0, std, np.ones_like(std)), (0, 2, 3))
    return (x - m) / s
