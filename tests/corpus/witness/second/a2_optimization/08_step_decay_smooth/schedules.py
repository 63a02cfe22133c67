import numpy as np


def step_decay(t, *, lr, factor, every):
    return float(lr * np.power(factor, t / every))


def cosine_decay(t, *, lr, final, total, warmup=0):
    warm = lr * (t + 1) / max(warmup, 1)
    phase = np.clip((t - warmup) / (total - warmup), 0.0, 1.0)
    cosine = final + (lr - final) * (1 + np.cos(np.pi * phase)) / 2
    return float(np.where(t < warmup, warm, cosine))
