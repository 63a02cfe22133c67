"""Numerically robust loss functions for classification and regression."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating]
EPSILON: Final[float] = 1e-12


def softmax(scores: FloatArray) -> FloatArray:
    """Compute row-wise softmax with max-subtraction for numerical stability."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def softmax_loss(x: FloatArray, y: npt.NDArray[np.integer]) -> tuple[float, FloatArray]:
    """Compute the mean cross-entropy loss and its gradient.

    A small epsilon guards against ``log(0)``.
    """
    num_samples = x.shape[0]
    probabilities = softmax(x)
    correct = probabilities[np.arange(num_samples), y]
    loss = -np.mean(np.log(correct + EPSILON))

    gradient = probabilities.copy()
    gradient[np.arange(num_samples), y] -= 1.0
    gradient /= num_samples
    return float(loss), gradient


def mse_loss(x: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
    """Compute the per-sample summed squared error, averaged over the batch."""
    num_samples = x.shape[0]
    difference = x - y
    loss = np.sum(difference**2) / num_samples
    return float(loss), 2.0 * difference / num_samples
