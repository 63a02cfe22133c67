import numpy as np


def numerical_gradient(f, x, *, h=1e-5):
    x = x.astype(np.float64)  # astype copies, so the caller's x is safe
    g = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        old = x[i]
        try:
            x[i] = old + h
            fp = f(x.copy())
            x[i] = old - h
            fm = f(x.copy())
        finally:
            x[i] = old
        g[i] = (fp - fm) / (2 * h)
    return g


def grad_check(f, x, gradient, *, h=1e-5, tolerance=1e-6):
    if x.shape != gradient.shape:
        raise ValueError("shapes differ: %s and %s" % (x.shape, gradient.shape))
    if np.isnan(gradient).any() or np.isinf(gradient).any():
        return False, float("inf")
    g = numerical_gradient(f, x, h=h)
    error = float(np.linalg.norm(gradient - g))
    return error <= tolerance, error
