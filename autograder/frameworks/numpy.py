"""NumPy, in whose arrays everything crosses the border."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from .framework import Framework


def _seed(seed: int) -> None:
    np.random.seed(seed)
    # Where `default_rng()` and the like, without a seed, have their chance from; no way but this one.
    bit_generator: Any = np.random.bit_generator
    bit_generator.randbits = random.Random(seed).getrandbits


NUMPY = Framework(
    name="numpy",
    requirement="numpy>=2.0",
    preload=("numpy.random", "numpy.linalg", "numpy.fft", "numpy.lib.stride_tricks", "numpy.typing"),
    adopted=True,
    seed=_seed,
)
