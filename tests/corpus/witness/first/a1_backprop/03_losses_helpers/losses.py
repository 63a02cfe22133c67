"""Loss functions.

Each loss returns a tuple ``(value, gradient)``.
"""

import numpy as np


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    """Numerically stable log-softmax along the last axis."""
    top = np.max(scores, axis=-1, keepdims=True)
    centred = scores - top
    return centred - np.log(np.sum(np.exp(centred), axis=-1, keepdims=True))


def _one_hot(labels: np.ndarray, classes: int, like: np.ndarray) -> np.ndarray:
    """(N,) integer labels -> (N, K) indicator matrix with the dtype of ``like``."""
    return (labels[:, None] == np.arange(classes)).astype(like.dtype)


def softmax_loss(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean cross-entropy and its gradient with respect to the scores."""
    assert x.ndim == 2, "scores must be (N, K)"
    assert len(y) == len(x), "one label per sample"
    batch, classes = x.shape
    log_probs = _log_softmax(x)
    target = _one_hot(y, classes, x)
    loss = -np.sum(target * log_probs) / batch
    grad = (np.exp(log_probs) - target) / batch
    return float(loss), grad


def mse_loss(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Sum of squares per sample, averaged over samples."""
    assert x.shape == y.shape
    batch = x.shape[0]
    residual = x - y
    loss = np.vdot(residual, residual) / batch
    return float(loss), residual * (2.0 / batch)
