from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def _check(x: Sequence, y: Sequence, batch_size: int) -> None:
    if batch_size < 1:
        raise ValueError(f"{batch_size=} must be positive")
    if len(x) != len(y):
        raise ValueError(f"{len(x)} examples but {len(y)} labels")


def minibatches(
    x: np.ndarray, y: np.ndarray, *, batch_size: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    _check(x, y, batch_size)
    order = rng.permutation(len(x))
    chunks = (order[i : i + batch_size] for i in range(0, len(order), batch_size))
    return [(x[chunk], y[chunk]) for chunk in chunks]
