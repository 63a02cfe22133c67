from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Dropout:
    p: float

    def __post_init__(self):
        if self.p <= 0 or self.p > 1:
            raise ValueError("keep probability out of range: " + str(self.p))

    def factors(self, x, train, rng):
        if not train:
            return np.ones_like(x)
        keep = rng.choice(np.array([0.0, 1 / self.p]), size=x.shape, p=[1 - self.p, self.p])
        return keep.astype(x.dtype)

    def forward(self, x, train, rng):
        factor = self.factors(x, train, rng)
        return x * factor, factor


def dropout_forward(x, *, p, train, rng):
    return Dropout(p).forward(x, train, rng)


def dropout_backward(dout, cache):
    dx = np.array(dout)
    dx *= cache
    return dx
