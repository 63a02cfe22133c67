import logging

import numpy as np

log = logging.getLogger(__name__)


def numerical_gradient(f, x, *, h=1e-5):
    base = float(f(x.copy()))
    grad = np.zeros(x.shape, dtype=np.float64)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        where = it.multi_index
        shifted = np.array(x, dtype=np.float64)
        shifted[where] += h
        grad[where] = (float(f(shifted)) - base) / h
        log.debug("g[%s] = %g", where, grad[where])
    return grad


def grad_check(f, x, gradient, *, h=1e-5, tolerance=1e-6):
    if gradient.shape != x.shape:
        raise ValueError(f"gradient has shape {gradient.shape}, x has {x.shape}")
    if not np.all(np.isfinite(gradient)):
        return False, float("inf")
    numeric = numerical_gradient(f, x, h=h)
    scale = max(np.linalg.norm(gradient), np.linalg.norm(numeric))
    if scale == 0:
        return True, 0.0
    error = float(np.linalg.norm(gradient - numeric) / scale)
    return error <= tolerance, error
