"""Handwritten digits: 1797 grey images of 8×8 pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .arrays import Array, IntArray

_TRAINING = 1437


def load_digits() -> tuple[Array, IntArray, Array, IntArray]:
    """The digits in a fixed shuffled order, split into four fifths for training and one for testing.

    Writers appear in both parts, so the test score says how well a net reads these hands, not new ones.

    Returns:
        x_train: images, shape (1437, 1, 8, 8), float64 from 0 (paper) to 1 (ink).
        y_train: digits 0 to 9, shape (1437,).
        x_test: shape (360, 1, 8, 8).
        y_test: shape (360,).

    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository (1998), its test set; licence in digits_LICENSE.txt.
    """
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as file:
        x, y = file["images"][:, None] / 16.0, file["labels"].astype(np.int64)
    return x[:_TRAINING], y[:_TRAINING], x[_TRAINING:], y[_TRAINING:]
