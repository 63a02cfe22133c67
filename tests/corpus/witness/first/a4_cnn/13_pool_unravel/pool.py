from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Window:
    height: int
    width: int
    stride: int

    def places(self, shape):
        rows = (shape[2] - self.height) // self.stride + 1
        cols = (shape[3] - self.width) // self.stride + 1
        return rows, cols

    def cut(self, i, j):
        top, left = i * self.stride, j * self.stride
        return slice(top, top + self.height), slice(left, left + self.width)


def max_pool_forward(x, *, pool_height, pool_width, stride):
    window = Window(pool_height, pool_width, stride)
    if pool_height > x.shape[2] or pool_width > x.shape[3]:
        raise ValueError("the window is larger than the image")
    rows, cols = window.places(x.shape)
    out = np.empty(x.shape[:2] + (rows, cols), dtype=x.dtype)
    for i, j in np.ndindex(rows, cols):
        out[:, :, i, j] = x[(..., *window.cut(i, j))].max(axis=(2, 3))
    return out, (x, window)


def max_pool_backward(dout, cache):
    x, window = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = (n, c, *window.cut(i, j))
        patch = x[part]
        winner = np.unravel_index(np.argmax(patch), patch.shape)
        dx[part][winner] += dout[n, c, i, j]
    return dx
