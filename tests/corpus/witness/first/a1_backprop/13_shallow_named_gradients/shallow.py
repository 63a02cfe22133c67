"""The lecture's one-hidden-layer network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Cache(NamedTuple):
    """What the backward pass reads."""

    x: np.ndarray
    W: np.ndarray
    w: np.ndarray
    h: np.ndarray


class Gradients(NamedTuple):
    """In the order of the arguments of the forward pass."""

    dx: np.ndarray
    dW: np.ndarray
    dc: np.ndarray
    dw: np.ndarray
    db: np.ndarray


def shallow_forward(x, W, c, w, b):
    h = np.maximum(x @ W + c, 0)
    return h @ w + b, Cache(x, W, w, h)


def shallow_backward(df, cache):
    dz = np.multiply.outer(df, cache.w) * (cache.h > 0)
    return Gradients(
        dx=dz @ cache.W.T, dW=cache.x.T @ dz, dc=dz.sum(axis=0), dw=df @ cache.h, db=np.array(df.sum())
    )
