import numpy as np


def l2_penalty(w, *, strength):
    return float(strength * np.sum(w**2) / 2), strength * w


def l1_penalty(w, *, strength):
    slope = np.where(w > 0, strength, np.where(w < 0, -strength, 0)).astype(w.dtype)
    return float(strength * np.sum(abs(w))), slope


def add_penalties(loss, gradients, params, *, l1, l2):
    weights = {k: v for k, v in params.items() if len(v.shape) > 2}
    costs = [l1_penalty(v, strength=l1)[0] + l2_penalty(v, strength=l2)[0] for v in weights.values()]
    out = {
        k: g + l1_penalty(weights[k], strength=l1)[1] + l2_penalty(weights[k], strength=l2)[1]
        if k in weights
        else g
        for k, g in gradients.items()
    }
    return float(loss + sum(costs)), out
