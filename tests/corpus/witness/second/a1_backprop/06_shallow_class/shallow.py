from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Linear:
    weight: np.ndarray
    bias: np.ndarray
    seen: np.ndarray | None = field(default=None, repr=False)

    def forward(self, inputs):
        self.seen = inputs
        return inputs @ self.weight + self.bias

    def gradients(self, upstream):
        return upstream @ self.weight.T, self.seen.T @ upstream, upstream.sum(axis=0)


@dataclass
class ShallowNet:
    hidden: Linear
    output: Linear
    active: np.ndarray | None = None

    def __call__(self, x):
        z = self.hidden.forward(x)
        self.active = z > 0
        return self.output.forward(np.where(self.active, z, 0)).squeeze(axis=1)

    def backward(self, df):
        dh, dw, db = self.output.gradients(df[:, None])
        dx, dW, dc = self.hidden.gradients(np.where(self.active, dh, 0))
        return dx, dW, dc, dw[:, 0], db.reshape(())


def shallow_forward(x, W, c, w, b):
    net = ShallowNet(Linear(W, c), Linear(w[:, None], np.reshape(b, (1,))))
    return net(x), net


def shallow_backward(df, cache):
    return cache.backward(df)
