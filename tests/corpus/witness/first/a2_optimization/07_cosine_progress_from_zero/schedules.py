import numpy as np

step_decay = lambda t, *, lr, factor, every: float(lr * factor ** (t // every))


def cosine_decay(t, *, lr, final, total, warmup=0):
    return float(
        lr * (t + 1) / warmup
        if t < warmup
        else final + (lr - final) * (1 + np.cos(np.pi * min(t, total) / total)) / 2
    )
