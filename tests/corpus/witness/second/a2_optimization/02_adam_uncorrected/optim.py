import numpy as np


def sgd_step(w, dw, state, *, lr):
    return w - lr * dw, state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    if state is None:
        state = 0
    v = mu * state - lr * dw
    return w + v, v


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    if state is None:
        m = np.zeros(w.shape, w.dtype)
        v = np.zeros(w.shape, w.dtype)
    else:
        m, v = state
    m = beta1 * m + (1 - beta1) * dw  # momentum
    v = beta2 * v + (1 - beta2) * dw**2  # rmsprop
    step = m / (np.sqrt(v) + eps)
    return w - lr * (step + weight_decay * w), (m, v)
