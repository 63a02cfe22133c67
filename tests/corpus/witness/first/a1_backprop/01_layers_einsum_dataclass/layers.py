"""Affine and ReLU layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class AffineCache:
    """Everything the backward pass needs."""

    inputs: np.ndarray
    weights: np.ndarray

    @property
    def flat(self) -> np.ndarray:
        return self.inputs.reshape(self.inputs.shape[0], -1)


def affine_forward(x, w, b):
    cache = AffineCache(x, w)
    return np.einsum("nd,dm->nm", cache.flat, w) + b, cache


def affine_backward(dout, cache: AffineCache):
    dx = np.einsum("nm,dm->nd", dout, cache.weights).reshape(cache.inputs.shape)
    dw = np.einsum("nd,nm->dm", cache.flat, dout)
    db = np.einsum("nm->m", dout)
    return dx, dw, db


def relu_forward(x):
    mask = x > 0
    return np.where(mask, x, np.zeros_like(x)), mask


def relu_backward(dout, cache):
    return dout * cache
