import numpy as np


def _same_shape(w, dw):
    assert w.shape == dw.shape, f"{w.shape} vs {dw.shape}"


def sgd_step(w, dw, state, *, lr):
    _same_shape(w, dw)
    return w + lr * dw, state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    _same_shape(w, dw)
    velocity = -lr * dw + (mu * state[0] if state else 0)
    assert velocity.shape == w.shape
    return w + velocity, [velocity]


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    _same_shape(w, dw)
    t, m, v = (0, np.zeros_like(w), np.zeros_like(w)) if state is None else state
    assert t >= 0
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * (dw * dw)
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    delta = m_hat / (v_hat**0.5 + eps) + weight_decay * w
    assert np.isfinite(delta).all() or not np.isfinite(dw).all()
    return w - lr * delta, [t + 1, m, v]
