import numpy as np

_ZERO = 0.0


def _moment(previous, sample, beta):
    return previous + (1 - beta) * (sample - previous)


def sgd_step(w, dw, state, *, lr):
    update = -lr * dw
    return w + update, state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    (velocity,) = state or (np.full_like(w, _ZERO),)
    velocity = velocity * mu - dw * lr
    return w + velocity, (velocity,)


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    steps, m1, m2 = state or (0, np.full_like(w, _ZERO), np.full_like(w, _ZERO))
    if weight_decay:
        dw = dw + weight_decay * w
    steps += 1
    m1 = _moment(m1, dw, beta1)
    m2 = _moment(m2, dw**2, beta2)
    numerator = m1 / (1 - beta1**steps)
    denominator = np.sqrt(m2 / (1 - beta2**steps)) + eps
    return w - lr * numerator / denominator, (steps, m1, m2)
