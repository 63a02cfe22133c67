from math import cos, pi


def step_decay(t: int, *, lr: float, factor: float, every: int) -> float:
    rate = lr
    for _ in range(t // every):
        rate *= factor
    return rate * 1.0


def _half_cosine(share: float) -> float:
    """1 at share 0, 0 at share 1."""
    return (1 + cos(pi * share)) / 2


def cosine_decay(t: int, *, lr: float, final: float, total: int, warmup: int = 0) -> float:
    match t:
        case _ if t < warmup:
            rate = lr * (t + 1) / warmup
        case _ if t < total:
            weight = _half_cosine((t - warmup) / (total - warmup))
            rate = weight * lr + (1 - weight) * final
        case _:
            rate = final
    return float(rate)
