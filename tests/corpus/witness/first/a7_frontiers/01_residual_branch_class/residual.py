from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Branch:
    """x -> max(0, x W1 + b1) W2 + b2"""

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    x: np.ndarray = field(init=False)
    a: np.ndarray = field(init=False)

    def __call__(self, x):
        self.x, self.a = x, x @ self.W1 + self.b1
        return np.maximum(self.a, 0) @ self.W2 + self.b2

    def backward(self, dout):
        da = np.where(self.a > 0, dout @ self.W2.T, 0)
        dW2 = np.maximum(self.a, 0).T @ dout
        return da @ self.W1.T, self.x.T @ da, da.sum(axis=0), dW2, dout.sum(axis=0)


def residual_block_forward(x, W1, b1, W2, b2):
    if W2.shape[1] != x.shape[1]:
        raise ValueError(f"branch ends in {W2.shape[1]} columns, x has {x.shape[1]}")
    branch = Branch(W1, b1, W2, b2)
    return x + branch(x), branch


def residual_block_backward(dout, cache):
    dx, *parameters = cache.backward(dout)
    return dout + dx, *parameters
