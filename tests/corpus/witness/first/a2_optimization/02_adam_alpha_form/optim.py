import numpy as np


def sgd_step(w, dw, state, *, lr):
    next_w = w - lr * dw
    return next_w, None


def momentum_step(w, dw, state, *, lr, mu=0.9):
    v = state if state is not None else np.zeros_like(w)
    v = mu * v - lr * dw
    next_w = w + v
    return next_w, v


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    # Kingma & Ba, end of section 2: order of computation changed for efficiency
    if state is None:
        t, m, v = 0, np.zeros_like(w), np.zeros_like(w)
    else:
        t, m, v = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    alpha_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    next_w = w - alpha_t * m / (np.sqrt(v) + eps) - lr * weight_decay * w
    return next_w.astype(w.dtype), (t, m, v)
