"""Shapes of the tests of feed-forward networks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dlc_lib.arrays import Array, IntArray


@dataclass(frozen=True)
class AffineCase:
    """One affine layer."""

    id: str
    samples: tuple[int, ...]  # N, d1, ..., dk
    outputs: int  # M

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """x, w and b."""
        D = math.prod(self.samples[1:])
        shapes = (self.samples, (D, self.outputs), (self.outputs,))
        x, w, b = (rng.standard_normal(shape) for shape in shapes)
        return x, w, b

    def draw_upstream(self, rng: np.random.Generator) -> Array:
        """Gradient with respect to the output."""
        return rng.standard_normal((self.samples[0], self.outputs))


AFFINE_MAIN = (AffineCase("5-by-3-to-7", (5, 3), 7), AffineCase("3-by-7-to-2", (3, 7), 2))
AFFINE_EDGE = (
    AffineCase("images", (3, 2, 5, 2), 3),
    AffineCase("one-sample", (1, 5), 3),
    AffineCase("one-output", (4, 3), 1),
    AffineCase("one-input", (3, 1), 5),
)


@dataclass(frozen=True)
class ShallowCase:
    """One network of the lecture."""

    id: str
    N: int
    D: int
    H: int

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array, Array, Array, Array]:
        """x, W, c, w and b."""
        shapes = ((self.N, self.D), (self.D, self.H), (self.H,), (self.H,))
        x, W, c, w = (rng.standard_normal(shape) for shape in shapes)
        return x, W, c, w, np.asarray(rng.standard_normal())


SHALLOW_MAIN = (ShallowCase("5x3-to-7", 5, 3, 7), ShallowCase("7x2-to-3", 7, 2, 3))
SHALLOW_EDGE = (
    ShallowCase("one-sample", 1, 3, 5),
    ShallowCase("one-hidden-unit", 5, 2, 1),
    ShallowCase("one-input", 3, 1, 5),
)


def draw_scores(rng: np.random.Generator, N: int, K: int, scale: float = 1.0) -> tuple[Array, IntArray]:
    """Scores and right classes."""
    return scale * rng.standard_normal((N, K)), rng.integers(K, size=N)
