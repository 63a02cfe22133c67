import math


def step_decay(t, *, lr, factor, every):
    drops = t // every
    return float(lr * math.pow(factor, drops))


def cosine_decay(t, *, lr, final, total, warmup=0):
    if t < warmup:
        return float(lr * (t + 1) / warmup)
    if t >= total:
        return float(final)
    progress = (t - warmup) / (total - warmup)
    return float(final + 0.5 * (lr - final) * (1.0 + math.cos(math.pi * progress)))
