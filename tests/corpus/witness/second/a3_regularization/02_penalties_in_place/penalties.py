from copy import copy

import numpy as np


def l2_penalty(w, *, strength):
    norm_squared = np.linalg.norm(w) ** 2
    return float(0.5 * strength * norm_squared), w * strength


def l1_penalty(w, *, strength):
    positive = (w > 0).astype(w.dtype)
    negative = (w < 0).astype(w.dtype)
    return float(np.sum(np.abs(w)) * strength), (positive - negative) * strength


def add_penalties(loss, gradients, params, *, l1, l2):
    gradients = copy(gradients)
    for name, param in params.items():
        if param.ndim < 2:
            continue  # bias
        l1_loss, l1_grad = l1_penalty(param, strength=l1)
        l2_loss, l2_grad = l2_penalty(param, strength=l2)
        loss += l1_loss + l2_loss
        gradients[name] += l1_grad
        gradients[name] += l2_grad
    return float(loss), gradients
