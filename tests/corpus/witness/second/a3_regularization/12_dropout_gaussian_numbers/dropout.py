"""Inverted dropout."""

from __future__ import annotations

import logging

import numpy as np

logger = logging.getLogger(__name__)


def _mask(shape, p, rng):
    draws = np.abs(rng.normal(size=shape))
    kept = draws <= p
    logger.debug("kept %.2f of the units", kept.mean() if kept.size else 0)
    return kept


def dropout_forward(x, *, p, train, rng):
    if not (0 < p <= 1):
        raise ValueError(f"p={p} is no probability to keep")
    if not train:
        return x.copy(), np.ones(x.shape, x.dtype)
    if p == 1:
        return x.copy(), np.ones(x.shape, x.dtype)
    factor = _mask(x.shape, p, rng).astype(x.dtype) / x.dtype.type(p)
    return x * factor, factor


def dropout_backward(dout, cache):
    return dout * cache
