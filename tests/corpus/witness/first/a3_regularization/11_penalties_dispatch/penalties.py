import numpy as np

PENALTIES = {
    "l1": (lambda w: np.abs(w).sum(), np.sign),
    "l2": (lambda w: 0.5 * (w**2).sum(), lambda w: w),
}


def _penalty(kind, w, strength):
    cost, slope = PENALTIES[kind]
    return float(strength * cost(w)), (strength * slope(w)).astype(w.dtype)


def l2_penalty(w, *, strength):
    return _penalty("l2", w, strength)


def l1_penalty(w, *, strength):
    return _penalty("l1", w, strength)


def add_penalties(loss, gradients, params, *, l1, l2):
    strengths = {"l1": l1, "l2": l2}
    names = [name for name, value in params.items() if value.ndim != 1]
    summed = {name: g.copy() for name, g in gradients.items()}
    for kind, strength in strengths.items():
        for name in names:
            cost, slope = _penalty(kind, params[name], strength)
            loss = loss + cost
            summed[name] += slope
    return float(loss), summed
