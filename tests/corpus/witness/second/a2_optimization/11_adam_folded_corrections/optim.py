from collections import namedtuple
from math import sqrt

import numpy as np

Memory = namedtuple("Memory", "t m v", defaults=(0, 0.0, 0.0))


def sgd_step(w, dw, state, *, lr):
    return w - lr * dw, None


def momentum_step(w, dw, state, *, lr, mu=0.9):
    v = np.zeros_like(w) if state is None else state
    v_new = mu * v - lr * dw
    return w + v_new, v_new


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    old = state or Memory()
    new = Memory(
        t=old.t + 1, m=old.m + (1 - beta1) * (dw - old.m), v=old.v + (1 - beta2) * (dw * dw - old.v)
    )
    # m_hat / sqrt(v_hat) = m / sqrt(v) * sqrt(1 - beta2^t) / (1 - beta1^t)
    correction = sqrt(1 - beta2**new.t) / (1 - beta1**new.t)
    direction = correction * new.m / (np.sqrt(new.v) + eps)
    return w - lr * (direction + weight_decay * w), new
