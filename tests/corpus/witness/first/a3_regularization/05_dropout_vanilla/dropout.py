from __future__ import annotations

import numpy as np

KEEP_ALL = 1.0


def dropout_forward(x: np.ndarray, *, p: float, train: bool, rng: np.random.Generator):
    if not (0.0 < p <= KEEP_ALL):
        raise ValueError(p)
    if train and p < KEEP_ALL:
        uniform = rng.random(size=x.shape)
        assert uniform.shape == x.shape
        mask = (uniform < p).astype(x.dtype)
    else:
        mask = np.full_like(x, KEEP_ALL)
    return np.multiply(x, mask), mask


def dropout_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    return np.multiply(dout, cache)
