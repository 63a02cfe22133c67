from __future__ import annotations

import numpy as np


def _validated(p: float) -> float:
    if not (p > 0 and p <= 1):
        raise ValueError("the probability to keep must lie in (0, 1]")
    return p


def dropout_forward(x, *, p, train, rng):
    keep = _validated(p)
    scale = np.ones(x.shape, dtype=x.dtype)
    if train:
        dropped = rng.random(x.shape) >= keep
        scale[dropped] = 0
        scale[~dropped] = 1 / keep
    return x * scale, scale


def dropout_backward(dout, cache):
    return np.where(cache > 0, dout * cache, 0).astype(dout.dtype)
