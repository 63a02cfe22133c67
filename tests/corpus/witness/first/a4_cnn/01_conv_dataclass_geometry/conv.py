from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Geometry:
    height: int
    width: int
    stride: int
    pad: int

    def check(self, x) -> None:
        rows, cols = x.shape[2] + 2 * self.pad, x.shape[3] + 2 * self.pad
        if self.height > rows or self.width > cols:
            raise ValueError(f"filter {self.height}x{self.width} is larger than image {rows}x{cols}")

    def padded(self, x):
        p = self.pad
        return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))

    def out_shape(self, x) -> tuple[int, int]:
        return (
            1 + (x.shape[2] + 2 * self.pad - self.height) // self.stride,
            1 + (x.shape[3] + 2 * self.pad - self.width) // self.stride,
        )

    def window(self, i, j) -> tuple[slice, slice]:
        top, left = i * self.stride, j * self.stride
        return slice(top, top + self.height), slice(left, left + self.width)


@dataclass(frozen=True)
class ConvCache:
    x: np.ndarray
    w: np.ndarray
    geometry: Geometry


def conv_forward(x, w, b, *, stride, pad):
    geo = Geometry(w.shape[2], w.shape[3], stride, pad)
    geo.check(x)
    xp = geo.padded(x)
    ho, wo = geo.out_shape(x)
    out = np.zeros((x.shape[0], w.shape[0], ho, wo), dtype=x.dtype)
    for i in range(ho):
        for j in range(wo):
            rows, cols = geo.window(i, j)
            out[:, :, i, j] = np.tensordot(xp[:, :, rows, cols], w, axes=((1, 2, 3), (1, 2, 3))) + b
    return out, ConvCache(x, w, geo)


def conv_backward(dout, cache):
    x, w, geo = cache.x, cache.w, cache.geometry
    xp = geo.padded(x)
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = geo.window(i, j)
            g = dout[:, :, i, j]
            dw += np.tensordot(g, xp[:, :, rows, cols], axes=(0, 0))
            dxp[:, :, rows, cols] += np.tensordot(g, w, axes=(1, 0))
    p = geo.pad
    dx = dxp[:, :, p : p + x.shape[2], p : p + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))
