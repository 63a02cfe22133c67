"""Shapes of the tests of residual networks and of compressed ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.author import both_signs, draw_until
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

    def draw(self, rng: np.random.Generator) -> tuple[tuple[Array, ...], Array]:
        """x, W1, b1, W2 and b2, and the gradient with respect to the output."""
        N, D, H = self.examples, self.width, self.hidden

        def draw() -> tuple[tuple[Array, ...], Array]:
            shapes = ((N, D), (D, H), (H,), (H, D), (D,))
            return tuple(rng.standard_normal(shape) for shape in shapes), rng.standard_normal((N, D))

        return draw_until(draw, lambda drawn: _shows_the_activation(*drawn))


def _shows_the_activation(inputs: tuple[Array, ...], dout: Array) -> bool:
    """Whether units are on and off (one alone is on), and an activation anywhere else changes something."""
    x, W1, b1, W2, b2 = inputs
    a = x @ W1 + b1
    on, branch, dh = a > 0, np.maximum(a, 0) @ W2 + b2, dout @ W2.T
    by_sign = both_signs(a.ravel()) if a.size > 1 else bool(a > 0.1)
    negative = all(each.min() < -0.1 for each in (x, branch, x + branch, np.where(on, dh, 0)))
    off = a.size == 1 or min(_size(np.where(on, 0, a) @ W2), _size(np.where(on, 0, dh) @ W1.T)) > 0.1
    through_the_branch = _size((dh * on) @ W1.T) > 0.1 * _size(dout)
    return by_sign and negative and off and through_the_branch and float(np.abs(a).min()) > 1e-3


def _size(array: Array) -> float:
    return float(np.abs(array).max())


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
    """Numbers of both signs, their magnitudes so far apart that the order is the same in float32.

    The largest in magnitude is the smallest as a number, and most are nearer to the smallest magnitude than
    to the largest.
    """
    size = int(np.prod(shape))
    magnitudes = 0.2 + ((rng.permutation(size) + rng.uniform(0.6, 1.0, size)) / size) ** 3
    signs = rng.choice([-1.0, 1.0], size=size)
    signs[magnitudes.argmax()] = -1.0
    return (signs * magnitudes).reshape(shape)
