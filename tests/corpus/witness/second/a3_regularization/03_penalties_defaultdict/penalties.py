from collections import defaultdict

import numpy as np


def l2_penalty(w, *, strength):
    flat = w.ravel()
    return 0.5 * strength * float(np.vdot(flat, flat)), np.multiply(w, strength, dtype=w.dtype)


def l1_penalty(w, *, strength):
    sign = np.sign(w)
    return strength * float(np.vdot(sign.ravel(), w.ravel())), np.multiply(sign, strength, dtype=w.dtype)


def add_penalties(loss, gradients, params, *, l1, l2):
    slopes = defaultdict(float)
    cost = 0.0
    for name, w in params.items():
        if np.ndim(w) == 1:
            continue
        for (c, s) in (l1_penalty(w, strength=l1), l2_penalty(w, strength=l2)):
            cost += c
            slopes[name] = slopes[name] + s
    result = defaultdict(lambda: None)
    for name, g in gradients.items():
        result[name] = g + slopes[name]
    return np.float64(loss + cost), result
