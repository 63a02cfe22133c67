import numpy as np


def _lse(s):
    """log(1 + e^s)"""
    return np.logaddexp(s, 0.0)


def _prob(s):
    return np.where(s < 0, np.exp(np.minimum(s, 0)), 1) / (1 + np.exp(-np.abs(s)))


def discriminator_loss(logits_real, logits_fake):
    parts = {"real": _lse(-logits_real).mean(), "fake": _lse(logits_fake).mean()}
    dreal = -_prob(-logits_real) / logits_real.size
    dfake = _prob(logits_fake) / logits_fake.size
    return float(sum(parts.values())), dreal, dfake


def generator_loss(logits_fake):
    return float(_lse(-logits_fake).mean()), -_prob(-logits_fake) / logits_fake.size


def minimax_generator_loss(logits_fake):
    return -float(_lse(logits_fake).mean()), -_prob(logits_fake) / logits_fake.size


def ls_discriminator_loss(scores_real, scores_fake):
    parts = {"real": np.mean((scores_real - 1) ** 2), "fake": np.mean(scores_fake**2)}
    dreal = 2 * (scores_real - 1) / scores_real.size
    dfake = 2 * scores_fake / scores_fake.size
    return float(sum(parts.values())), dreal, dfake


def ls_generator_loss(scores_fake):
    return float(np.mean((scores_fake - 1) ** 2)), 2 * (scores_fake - 1) / scores_fake.size
