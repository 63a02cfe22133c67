"""What is timed of convolutional networks: vectorized code against code with loops over pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.author import Expected, assert_close
from autograder.speed import ArraySpec, Curve, Rule, Work
from dlc_lib import im2col
from dlc_lib.arrays import Array

# The definition, loop by loop, reaches a thousandth of the reference's speed; a loop over pixels that
# copies whole windows a quarter to a third; code without such a loop half and more. Full points for all but
# loops over entries, and wide steps: a coarse and quick measurement on a busy machine decides.
CURVE = Curve(start=0.005, full=0.1, step=4)
RULE = Rule(precision=0.03, least=30, most=60, heat=10, seconds=1.5, unstable=0.4)
_CHANNELS, _EDGE, _WINDOW, _FILTERS = 16, 32, 3, 16
_FLOAT32 = 4  # bytes
_LIMIT = 1e-5  # norm-relative, of float32 sums of 144 products: 3e-7 and less was measured


@dataclass(frozen=True)
class ForwardCase:
    """A convolution of `images` images, 16 channels of 32×32, with 16 filters of 3×3 and padding 1."""

    images: int

    def __str__(self) -> str:
        return f"{self.images}×{_CHANNELS}×{_EDGE}×{_EDGE}"

    @property
    def work(self) -> Work:
        """Two operations for each product; inputs and outputs touched once."""
        pixels = self.images * _EDGE * _EDGE
        flops = 2 * pixels * _FILTERS * _CHANNELS * _WINDOW**2
        return Work(flops, _FLOAT32 * pixels * (_CHANNELS + _FILTERS))

    def draw(self, rng: np.random.Generator, _device: str) -> tuple[tuple[Array, ...], dict[str, int]]:
        """x, w and b in float32, with stride and pad."""
        shapes = [
            (self.images, _CHANNELS, _EDGE, _EDGE),
            (_FILTERS, _CHANNELS, _WINDOW, _WINDOW),
            (_FILTERS,),
        ]
        x, w, b = (rng.standard_normal(shape, np.float32) for shape in shapes)
        return (x, w, b), {"stride": 1, "pad": 1}

    def empty(self, _args: tuple[Array, ...], _options: Mapping[str, Any]) -> ArraySpec:
        """As many images and pixels as there are, with a channel for each filter."""
        return ArraySpec((self.images, _FILTERS, _EDGE, _EDGE))

    def answer(self, args: tuple[Array, ...], options: Mapping[str, Any]) -> Expected:
        """By the reference in float64."""
        exact = [each.astype(np.float64) for each in args]
        return Expected(im2col.conv_im2col_forward(*exact, **options)[0], _LIMIT)

    def check(self, found: Any, answer: Expected) -> None:
        """Raise where the output is wrong."""
        assert_close(found[0], answer, "out of a timed call")
