"""Dropout: units that are left out by chance while a network learns."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Cache


def dropout_forward(x: Array, *, p: float, train: bool, rng: np.random.Generator) -> tuple[Array, Cache]:
    """Keep each entry with probability p, and enlarge what is kept (inverted dropout).

        train    out = x · factor        factor = 1/p with probability p, 0 otherwise
        test     out = x

    Each entry is kept or dropped by itself, independently of all others and of earlier calls. In the mean
    over all draws out equals x, so nothing has to be done in testing.

    Args:
        x: any shape with one axis or more, float64.
        p: probability to KEEP an entry, above 0 and at most 1.
        train: True while the network learns, False when it is used.
        rng: source of chance.

    Returns:
        out: shape of x, float64.
        cache: what `dropout_backward` needs; the factor of every entry, an array of the shape of x, is enough
            (all ones in testing).

    Raises:
        ValueError: p is not above 0 and at most 1.

    x is not changed.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: A Simple Way to Prevent
    Neural Networks from Overfitting (2014), section 4, with the scaling of its section 10.
    """
    if not 0 < p <= 1:
        raise ValueError(f"p is {p}; the probability to keep an entry is above 0 and at most 1")
    if not train:
        return x.copy(), np.ones_like(x)
    factor = ((rng.random(x.shape) < p) / p).astype(x.dtype)
    return x * factor, factor


def dropout_backward(dout: Array, cache: Cache) -> Array:
    """Gradient of a loss with respect to what `dropout_forward` was given.

        dx = dout · factor        the same factors as in the forward pass

    Args:
        dout: gradient of the loss with respect to out, shape of x.
        cache: from `dropout_forward`.

    Returns:
        dx: shape of x, float64.

    Neither dout nor the cache is changed: a second call gives the same answer.

    Source: Srivastava et al., Dropout (2014), section 5.1.
    """
    dx: Array = dout * cache
    return dx
