"""Learning rates that change while a network learns."""

from __future__ import annotations

import math


def step_decay(t: int, *, lr: float, factor: float, every: int) -> float:
    """Multiply the learning rate by a factor after every so many steps.

        rate(t) = lr · factor^(t // every)

    Args:
        t: step, from 0.
        lr: rate of the first steps.
        factor: what it is multiplied by, above 0 and at most 1.
        every: steps with the same rate, at least 1.

    Returns:
        rate: a number.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.3.1; He, Zhang, Ren and Sun,
    Deep Residual Learning for Image Recognition (2016), section 3.4.
    """
    return float(lr * factor ** (t // every))


def cosine_decay(t: int, *, lr: float, final: float, total: int, warmup: int = 0) -> float:
    """Climb to the learning rate in a straight line, then follow half a cosine down.

        rate(t) = lr · (t + 1) / warmup                                            t < warmup
        rate(t) = final + (lr − final) · (1 + cos(pi · (t − warmup) / (total − warmup))) / 2
                                                                                   warmup <= t < total
        rate(t) = final                                                            t >= total

    Args:
        t: step, from 0.
        lr: the largest rate.
        final: the rate at the end.
        total: steps in all, more than warmup.
        warmup: steps in which the rate climbs; 0 for none.

    Returns:
        rate: a number.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), equation 5;
    warm-up as in Goyal et al., Accurate, Large Minibatch SGD (2017), section 2.2.
    """
    if t < warmup:
        return float(lr * (t + 1) / warmup)
    progress = min((t - warmup) / (total - warmup), 1.0)
    return float(final + (lr - final) * (1 + math.cos(math.pi * progress)) / 2)
