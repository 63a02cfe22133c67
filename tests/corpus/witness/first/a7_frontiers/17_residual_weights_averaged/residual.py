from __future__ import annotations

from typing import Any

import numpy as np


def _relu(a: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0)


def residual_block_forward(x, W1, b1, W2, b2) -> tuple[np.ndarray, Any]:
    """Pre-activation free residual block."""
    if x.shape[1] != W2.shape[1]:
        raise ValueError("the residual branch must preserve the feature dimension")
    hidden = x @ W1 + b1
    branch = _relu(hidden) @ W2 + b2
    return x + branch, {"x": x, "hidden": hidden, "W1": W1, "W2": W2}


def residual_block_backward(dout, cache):
    batch_size = dout.shape[0]
    x, hidden = cache["x"], cache["hidden"]
    d_hidden = (dout @ cache["W2"].T) * (hidden > 0)
    dx = dout + d_hidden @ cache["W1"].T
    dW1 = x.T @ d_hidden / batch_size
    db1 = d_hidden.mean(axis=0)
    dW2 = _relu(hidden).T @ dout / batch_size
    db2 = dout.mean(axis=0)
    return dx, dW1, db1, dW2, db2
