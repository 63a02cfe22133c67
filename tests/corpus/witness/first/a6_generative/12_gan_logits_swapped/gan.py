import numpy as np


def _nll(logits, sign):
    """mean of -log sigmoid(sign * logits) and its gradient"""
    s = sign * logits
    value = np.logaddexp(0, -s).mean()
    slope = -sign * np.exp(-np.logaddexp(0, s)) / len(logits)
    return float(value), slope.astype(logits.dtype)


def discriminator_loss(logits_real, logits_fake):
    a, dfake = _nll(logits_fake, 1)
    b, dreal = _nll(logits_real, -1)
    return a + b, dreal, dfake


def generator_loss(logits_fake):
    return _nll(logits_fake, 1)


def minimax_generator_loss(logits_fake):
    value, slope = _nll(logits_fake, -1)
    return -value, -slope


def ls_discriminator_loss(scores_real, scores_fake):
    r = scores_real - 1
    f = scores_fake - 0
    return float((r @ r) / (2 * r.size) + (f @ f) / (2 * f.size)), r / r.size, f / f.size


def ls_generator_loss(scores_fake):
    g = scores_fake - 1
    return float(g @ g) / (2 * g.size), g / g.size
