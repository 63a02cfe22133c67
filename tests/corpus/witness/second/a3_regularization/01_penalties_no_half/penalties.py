import numpy as np


def l2_penalty(w, *, strength):
    return float(strength * (w * w).sum()), strength * w


def l1_penalty(w, *, strength):
    return float(strength * np.abs(w).sum()), strength * np.sign(w)


def add_penalties(loss, gradients, params, *, l1, l2):
    g = {}
    for k, p in params.items():
        g[k] = gradients[k]
        if p.ndim > 1:
            r1, d1 = l1_penalty(p, strength=l1)
            r2, d2 = l2_penalty(p, strength=l2)
            loss = loss + r1 + r2
            g[k] = g[k] + d1 + d2
    return float(loss), g
