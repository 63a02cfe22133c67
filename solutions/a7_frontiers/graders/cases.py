"""Shapes of the tests of residual networks and of compressed ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlc_lib.arrays import Array


@dataclass(frozen=True)
class BlockCase:
    """One residual block."""

    id: str
    examples: int  # N
    width: int  # D
    hidden: int  # H

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, ...]:
        """x, W1, b1, W2 and b2; no hidden unit so near zero that rounding decides whether it is on."""
        N, D, H = self.examples, self.width, self.hidden
        while True:
            shapes = ((N, D), (D, H), (H,), (H, D), (D,))
            x, W1, b1, W2, b2 = (rng.standard_normal(shape) for shape in shapes)
            if np.abs(x @ W1 + b1).min() > 1e-3:
                return x, W1, b1, W2, b2

    def draw_upstream(self, rng: np.random.Generator) -> Array:
        """Gradient with respect to the output."""
        return rng.standard_normal((self.examples, self.width))


@dataclass(frozen=True)
class StackCase:
    """A stack of layers whose gradients are measured."""

    id: str
    examples: int  # N
    widths: tuple[int, ...]  # D_0, ..., D_L
    size: float = 1.0  # of the weights

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[Array, list[Array], Array]:
        """x, weights and dout."""
        shapes = zip(self.widths, self.widths[1:], strict=False)
        weights = [self.size * rng.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes]
        x, dout = (rng.standard_normal((self.examples, width)) for width in (self.widths[0], self.widths[-1]))
        return x, weights, dout


def rotations(rng: np.random.Generator, layers: int, width: int, *, size: float) -> list[Array]:
    """Matrices that make every vector `size` times as long."""
    return [size * np.linalg.qr(rng.standard_normal((width, width)))[0] for _ in range(layers)]


@dataclass(frozen=True)
class PruneCase:
    """Weights to prune, and how many go."""

    id: str
    shape: tuple[int, ...]
    sparsity: float
    pruned: int  # of them

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> Array:
        """Weights."""
        return distinct(rng, self.shape)


def distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Numbers of both signs, their magnitudes so far apart that the order is the same in float32."""
    size = int(np.prod(shape))
    magnitudes = (rng.permutation(size) + rng.uniform(0.6, 1.0, size)) / size
    return (rng.choice([-1.0, 1.0], size=size) * magnitudes).reshape(shape)
