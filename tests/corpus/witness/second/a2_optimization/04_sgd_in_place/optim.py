import numpy as np


def sgd_step(w, dw, state, *, lr):
    w -= lr * dw
    return w, state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    v = np.zeros_like(w) if state is None else state.copy()
    v *= mu
    v -= lr * dw
    return w + v, v


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    if state is None:
        t, m, v = 0, np.zeros_like(w), np.zeros_like(w)
    else:
        t, m, v = state[0], state[1].copy(), state[2].copy()
    t += 1
    m *= beta1
    m += (1 - beta1) * dw
    v *= beta2
    v += (1 - beta2) * np.square(dw)
    denom = np.sqrt(v / (1 - beta2**t))
    denom += eps
    out = w - lr * weight_decay * w
    out -= lr * (m / (1 - beta1**t)) / denom
    return out, (t, m, v)
