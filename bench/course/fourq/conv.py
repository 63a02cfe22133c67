"""Question 3: convolution with loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def conv_forward(x: Array, w: Array, b: Array, *, stride: int, pad: int) -> Array:
    """Cross-correlation of x (N, C, H, W) with w (F, C, HH, WW), plus b (F,)."""
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = (window * w[f]).sum() + b[f]
    return out
