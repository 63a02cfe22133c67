"""Max pooling via reshaping, which avoids Python loops altogether."""

from __future__ import annotations

import numpy as np


def _tiles(x: np.ndarray, pool_height: int, pool_width: int) -> np.ndarray:
    """View ``x`` as (N, C, H / ph, W / pw, ph * pw)."""
    n, c, h, w = x.shape
    tiled = x.reshape(n, c, h // pool_height, pool_height, w // pool_width, pool_width)
    return tiled.swapaxes(3, 4).reshape(n, c, h // pool_height, w // pool_width, -1)


def max_pool_forward(x: np.ndarray, *, pool_height: int, pool_width: int, stride: int):
    """Forward pass of max pooling."""
    if pool_height > x.shape[2] or pool_width > x.shape[3]:
        raise ValueError("pooling window exceeds the input")
    tiles = _tiles(x, pool_height, pool_width)
    winner = np.argmax(tiles, axis=-1)
    out = np.max(tiles, axis=-1)
    return out, (x.shape, winner, pool_height, pool_width)


def max_pool_backward(dout: np.ndarray, cache) -> np.ndarray:
    """Backward pass of max pooling."""
    shape, winner, ph, pw = cache
    n, c, ho, wo = dout.shape
    grad = np.where(np.arange(ph * pw) == winner[..., None], dout[..., None], 0)
    grad = grad.reshape(n, c, ho, wo, ph, pw).swapaxes(3, 4)
    return grad.reshape(shape).astype(dout.dtype)
