"""Explaining what a network saw: gradients of its scores with respect to its input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .arrays import Array, IntArray


def score_gradient(x: Array, y: IntArray, params: Mapping[str, Array]) -> Array:
    """Gradient of one score of each image with respect to that image.

    The network has one hidden layer; row n of X (N, C·H·W) is image n with its axes flattened in order:

        a = X·W1 + b1                       shape (N, M)
        scores = max(0, a)·W2 + b2          shape (N, K)
        gradient[n] = d scores[n, y[n]] / d x[n]

    It is the gradient of the score itself, the number before any softmax; not of a probability, and not
    of a loss. The derivative of max(0, a) is 1 where a > 0 and 0 elsewhere, also at a = 0.

    Args:
        x: images, shape (N, C, H, W), float64.
        y: the class whose score is asked about, for each image, shape (N,), integers of any width from 0 to
            K − 1.
        params: "W1" of shape (C·H·W, M), "b1" (M,), "W2" (M, K) and "b2" (K,).

    Returns:
        gradient: shape (N, C, H, W), float64.

    No input is changed.

    Source: Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks (2014), section 3.
    """
    a = x.reshape(len(x), -1) @ params["W1"] + params["b1"]
    chosen = params["W2"].T[y]
    gradient: Array = ((a > 0) * chosen) @ params["W1"].T
    return gradient.reshape(x.shape)


def saliency_map(x: Array, y: IntArray, params: Mapping[str, Array]) -> Array:
    """How much each pixel matters to a score: the largest slope over the channels, without its sign.

        map[n, i, j] = max over c of |gradient[n, c, i, j]|      gradient as in `score_gradient`

    Args:
        x: images, shape (N, C, H, W), float64.
        y: the class whose score is asked about, for each image, shape (N,).
        params: weights and biases of the network, as for `score_gradient`.

    Returns:
        map: shape (N, H, W), float64, no entry negative.

    No input is changed.

    Source: Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks (2014), section 3.1.
    """
    largest: Array = np.abs(score_gradient(x, y, params)).max(axis=1)
    return largest


def integrated_gradients(
    gradient: Callable[[Array], Array], x: Array, baseline: Array, *, steps: int
) -> Array:
    """Share of each entry of x in what distinguishes f(x) from f(baseline).

    The gradient of f is averaged along the straight way from the baseline to x. The way is cut into
    pieces of equal length, and the gradient is taken in the middle of each:

        x_k = baseline + (k + 1/2)/steps · (x − baseline)          k = 0, ..., steps − 1
        attributions = (x − baseline) · 1/steps Σ_k gradient(x_k)  entry by entry

    Their sum tends to f(x) − f(baseline) as steps grows (completeness), and is exactly that for every
    number of steps if f is a polynomial of degree 2 or less.

    Args:
        gradient: gradient(point) is the gradient of f at a point of the shape of x, in that shape.
        x: the input to explain, any shape, float64.
        baseline: the input that says nothing, such as a black image; shape of x.
        steps: number of pieces, at least 1.

    Returns:
        attributions: shape of x.

    Raises:
        ValueError: steps is less than 1.

    No input is changed.

    Source: Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks (2017), section 3, with
    the midpoints of the pieces for their right ends in equation 3.
    """
    if steps < 1:
        raise ValueError(f"steps is {steps}; at least one is needed")
    total = np.zeros_like(x)
    for k in range(steps):
        total += gradient(baseline + (k + 0.5) / steps * (x - baseline))
    return (x - baseline) * total / steps
