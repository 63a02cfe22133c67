import numpy as np


def l2_penalty(w, *, strength):
    return strength * 0.5 * np.sum(w * w).item(), w * strength


def l1_penalty(w, *, strength):
    dw = (w > 0).astype(w.dtype) - (w < 0).astype(w.dtype)
    return strength * np.sum(w * dw).item(), dw * strength


def add_penalties(loss, gradients, params, *, l1, l2):
    weights = {name: w for name, w in params.items() if w.ndim >= 2}
    found = {name: (l1_penalty(w, strength=l1), l2_penalty(w, strength=l2)) for name, w in weights.items()}
    total = loss + sum(cost for pair in found.values() for cost, _ in pair)
    slopes = {name: sum(slope for _, slope in pair) for name, pair in found.items()}
    return float(total), {name: g + slopes.get(name, 0) for name, g in gradients.items()}
