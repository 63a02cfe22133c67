import numpy as np


def l2_penalty(w, *, strength):
    half = strength / 2
    return float(half * np.sum(w**2)), (2 * half * w).astype(w.dtype)


def l1_penalty(w, *, strength):
    gradient = np.zeros_like(w)
    gradient[w > 0] = strength
    gradient[w < 0] = -strength
    return float(strength * np.linalg.norm(w.ravel(), ord=1)), gradient


def _add(loss, gradient, w, l1, l2):
    for penalty, strength in ((l1_penalty, l1), (l2_penalty, l2)):
        cost, slope = penalty(w, strength=strength)
        loss = loss + cost
        gradient = gradient + slope
    return loss, gradient


def add_penalties(loss, gradients, params, *, l1, l2):
    result = {}
    for name in gradients:
        result[name] = gradients[name]
        if params[name].ndim >= 2:
            _add(loss, result[name], params[name], l1, l2)
    return float(loss), result
