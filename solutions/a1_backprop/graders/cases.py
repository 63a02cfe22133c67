"""Shapes of the tests of feed-forward networks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dlc_lib.arrays import Array, IntArray

IN_FLOAT64 = 1e-10  # measured: right ones are off by less than 1e-13, arrays in float32 by 1e-8 and more


def draw_signed(rng: np.random.Generator, *shape: int) -> Array:
    """Numbers of both signs, none near 0 or ±1; as many below ±1 as above."""
    place = rng.permutation(math.prod(shape)).reshape(shape) + rng.integers(4)
    size = np.where(place % 4 < 2, rng.uniform(0.4, 0.8, shape), rng.uniform(1.25, 2.5, shape))
    signed: Array = size * (-1.0) ** place
    return signed


def draw_pair(rng: np.random.Generator, *shape: int) -> tuple[Array, Array]:
    """Inputs and gradients of the outputs; of four entries and more all four pairs of signs occur."""
    place = rng.permutation(math.prod(shape)).reshape(shape)
    x, dout = rng.uniform(0.5, 2.0, (2, *shape))
    return x * (-1.0) ** place, dout * (-1.0) ** (place // 2)


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

    def draw(self, rng: np.random.Generator) -> tuple[tuple[Array, Array, Array, Array, Array], Array]:
        """(x, W, c, w, b) and df, in which it shows what z and max{0, z} are used for."""
        while True:
            x, W = rng.standard_normal((self.N, self.D)), rng.standard_normal((self.D, self.H))
            c, w, df = (draw_signed(rng, size) for size in (self.H, self.H, self.N))
            b = draw_signed(rng, 1)[0]
            if _is_telling(x @ W, c, w, b, df):
                return (x, W, c, w, np.asarray(b)), df


def _is_telling(xW: Array, c: Array, w: Array, b: Array, df: Array) -> bool:
    """Whether some units are on and some off, by z and nothing else, and f has both signs."""
    z = xW + c
    f = np.maximum(z, 0) @ w + b
    on, signs = z > 0, [f < 0] if len(f) == 1 else [f < 0, f > 0]
    telling = [on, ~on, on != (xW > 0), ~on & (c > 0), on != (np.outer(df, w) > 0), *signs]
    return all(each.any() for each in telling) and min(np.abs(z).min(), np.abs(f).min()) > 0.05


SHALLOW_MAIN = (ShallowCase("5x3-to-7", 5, 3, 7), ShallowCase("7x2-to-3", 7, 2, 3))
SHALLOW_EDGE = (
    ShallowCase("one-sample", 1, 3, 5),
    ShallowCase("one-hidden-unit", 5, 2, 1),
    ShallowCase("one-input", 3, 1, 5),
)


def draw_scores(rng: np.random.Generator, N: int, K: int) -> tuple[Array, IntArray]:
    """Scores and right classes, each class about as often as any other."""
    return rng.standard_normal((N, K)), rng.permutation(N) % K
