"""Fully connected layer and ReLU, written without flattening where possible."""

import math

import numpy as np


def affine_forward(x, w, b):
    inner = x.shape[1:]
    tensor = w.reshape(inner + (w.shape[1],))
    axes = (tuple(range(1, x.ndim)), tuple(range(len(inner))))
    return np.tensordot(x, tensor, axes=axes) + b, {"x": x, "w": w}


def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx = np.inner(dout, w).reshape(x.shape)
    dw = np.tensordot(x, dout, axes=(0, 0)).reshape(math.prod(x.shape[1:]), dout.shape[1])
    return dx, dw, np.add.reduce(dout, axis=0)


def relu_forward(x):
    return np.fmax(x, 0).astype(x.dtype), np.greater(x, 0)


def relu_backward(dout, cache):
    return np.where(cache, dout, 0).astype(dout.dtype)
