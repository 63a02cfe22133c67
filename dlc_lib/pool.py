"""Max pooling: the largest entry of every window."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache
from .windows import output_size


def max_pool_forward(x: Array, *, pool_height: int, pool_width: int, stride: int) -> tuple[Array, Cache]:
    """Keep the largest entry of every window, in each channel by itself.

        out[n, c, i, j] = max over r < pool_height, s < pool_width of x[n, c, i·stride + r, j·stride + s]

    Args:
        x: images, shape (N, C, H, W), float64.
        pool_height: rows of a window.
        pool_width: columns of a window.
        stride: pixels from one window to the next, down and across; windows overlap where it is smaller
            than the window and leave gaps where it is larger.

    Returns:
        out: shape (N, C, Ho, Wo) with Ho = 1 + (H − pool_height) // stride and
            Wo = 1 + (W − pool_width) // stride; float64.
        cache: what `max_pool_backward` needs; (x, pool_height, pool_width, stride) is enough.

    Raises:
        ValueError: the window does not fit, that is pool_height > H or pool_width > W.

    x is not changed.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.
    """
    N, C, H, W = x.shape
    Ho, Wo = output_size(H, pool_height, stride=stride), output_size(W, pool_width, stride=stride)
    out = np.empty((N, C, Ho, Wo), dtype=x.dtype)
    for i, j in np.ndindex(Ho, Wo):
        top, left = i * stride, j * stride
        window = x[:, :, top : top + pool_height, left : left + pool_width]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_height, pool_width, stride)


def max_pool_backward(dout: Array, cache: Cache) -> Array:
    """Gradient of a loss with respect to what `max_pool_forward` was given.

    dx[n, c, k, l] = Σ of dout[n, c, i, j] over the windows (i, j) whose winner is the pixel (k, l).

    Every window has exactly one winner: an entry equal to its maximum. Where several are, any one of
    them may win (here the first in reading order), but the gradient is neither given to each nor shared.

    Args:
        dout: gradient of the loss with respect to out, shape (N, C, Ho, Wo).
        cache: from `max_pool_forward`.

    Returns:
        dx: shape (N, C, H, W), float64.

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.
    """
    x, pool_height, pool_width, stride = cache
    N, C, _, _ = x.shape
    image, channel = np.ogrid[:N, :C]
    dx: Array = np.zeros_like(x)
    for i, j in np.ndindex(*dout.shape[2:]):
        top, left = i * stride, j * stride
        window = x[:, :, top : top + pool_height, left : left + pool_width]
        winner = window.reshape(N, C, -1).argmax(axis=2)
        row, column = np.divmod(winner, pool_width)
        dx[image, channel, top + row, left + column] += dout[:, :, i, j]
    return dx
