import numpy as np


def step_decay(t, *, lr, factor, every):
    exponent = np.floor_divide(t, every)
    return np.float64(lr) * np.float64(factor) ** exponent


def cosine_decay(t, *, lr, final, total, warmup=0):
    if t < warmup:
        return np.float64(lr) * (t + 1) / warmup
    if t >= total:
        return np.float64(final)
    angle = np.pi * (t - warmup) / (total - warmup)
    return final + (lr - final) * (1 + np.cos(angle)) / 2
