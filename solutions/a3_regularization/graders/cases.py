"""What several tests of regularization draw."""

from __future__ import annotations

import math

import numpy as np

from dlc_lib.arrays import Array

IN_FLOAT64 = 1e-10  # measured: right ones are off by less than 1e-13, arrays in float32 by 1e-8 and more


def draw_signed(rng: np.random.Generator, *shape: int) -> Array:
    """Numbers of both signs, none near 0 or ±1; as many below ±1 as above."""
    place = rng.permutation(math.prod(shape)).reshape(shape) + rng.integers(4)
    size = np.where(place % 4 < 2, rng.uniform(0.4, 0.8, shape), rng.uniform(1.25, 2.5, shape))
    signed: Array = size * (-1.0) ** place
    return signed
