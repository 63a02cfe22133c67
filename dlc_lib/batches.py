"""Minibatches: the data of one epoch in random order, a few examples at a time."""

from __future__ import annotations

import numpy as np

from .arrays import Array, IntArray


def minibatches(
    x: Array, y: IntArray, *, batch_size: int, rng: np.random.Generator
) -> list[tuple[Array, IntArray]]:
    """Shuffle the examples of one epoch and cut them into batches.

    Every example comes exactly once; each order is as likely as any other. Example n keeps its label: a
    row of x and its entry of y stand at the same place of the same batch.

    Args:
        x: examples, shape (N, ...), any dtype; N may be 0.
        y: what belongs to them, shape (N, ...).
        batch_size: examples in a batch, at least 1.
        rng: source of chance.

    Returns:
        batches: a list of pairs (x_batch, y_batch). All batches hold batch_size examples, only the last
            one may hold fewer: what is left over is not dropped. For N = 0 the list is empty.

    Raises:
        ValueError: batch_size is less than 1, or x and y differ in length.

    Neither x nor y is changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.1.3.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; at least one example belongs in a batch")
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} examples, y has {len(y)}")
    order = rng.permutation(len(x))
    starts = range(0, len(x), batch_size)
    return [(x[rows], y[rows]) for rows in (order[start : start + batch_size] for start in starts)]
