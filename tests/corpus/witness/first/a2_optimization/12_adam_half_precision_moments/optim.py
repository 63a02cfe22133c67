import numpy as np


def sgd_step(w, dw, state, *, lr):
    return w - np.multiply(dw, lr).astype(w.dtype), state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    velocity = -lr * dw
    if state is not None:
        velocity = velocity + mu * state["velocity"]
    return w + velocity, {"velocity": velocity}


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    g = dw.astype(np.float32)  # moments in single precision, as mixed-precision training does
    if state is None:
        state = {"t": 0, "exp_avg": np.zeros_like(g), "exp_avg_sq": np.zeros_like(g)}
    t = state["t"] + 1
    exp_avg = state["exp_avg"] * np.float32(beta1) + g * np.float32(1 - beta1)
    exp_avg_sq = state["exp_avg_sq"] * np.float32(beta2) + g * g * np.float32(1 - beta2)
    bias1, bias2 = 1 - beta1**t, 1 - beta2**t
    denom = np.sqrt(exp_avg_sq.astype(w.dtype) / bias2) + eps
    step = exp_avg.astype(w.dtype) / bias1 / denom
    return w * (1 - lr * weight_decay) - lr * step, {"t": t, "exp_avg": exp_avg, "exp_avg_sq": exp_avg_sq}
