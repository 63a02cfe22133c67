"""Drawn inputs in which no mistake can hide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

_TRIES = 10_000
Drawn = TypeVar("Drawn")


def draw_until(draw: Callable[[], Drawn], fits: Callable[[Drawn], bool]) -> Drawn:
    """Draw again until what was drawn fits.

    Args:
        draw: Makes inputs, others in each call.
        fits: Whether these show what a test asks for, by far more than rounding.

    Returns:
        The first inputs that fit.

    Raises:
        RuntimeError: None of 10,000 did; the test asks for too much.
    """
    for _ in range(_TRIES):
        inputs = draw()
        if fits(inputs):
            return inputs
    raise RuntimeError(f"none of {_TRIES} drawn inputs fits")


def both_signs(numbers: np.ndarray[Any, Any], margin: float = 0.1) -> bool:
    """Whether every row has entries of both signs, along the last axis.

    Args:
        numbers: What was drawn.
        margin: How far from 0 they are at least.

    Returns:
        Whether each row has an entry above `margin` and one below −`margin`.
    """
    return bool(((numbers > margin).any(axis=-1) & (numbers < -margin).any(axis=-1)).all())
