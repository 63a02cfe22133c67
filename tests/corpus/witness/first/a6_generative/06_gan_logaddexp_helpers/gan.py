import numpy as np


def _softplus(s):
    return np.logaddexp(np.zeros((), dtype=s.dtype), s)


def _sigmoid(s):
    return np.exp(-_softplus(-s))


def _mean(values):
    """mean and the slope of the mean"""
    return float(values.mean()), 1 / values.size


def discriminator_loss(logits_real, logits_fake):
    real, share_real = _mean(_softplus(-logits_real))
    fake, share_fake = _mean(_softplus(logits_fake))
    return real + fake, -_sigmoid(-logits_real) * share_real, _sigmoid(logits_fake) * share_fake


def generator_loss(logits_fake):
    loss, share = _mean(_softplus(-logits_fake))
    return loss, -_sigmoid(-logits_fake) * share


def minimax_generator_loss(logits_fake):
    loss, share = _mean(-_softplus(logits_fake))
    return loss, -_sigmoid(logits_fake) * share


def ls_discriminator_loss(scores_real, scores_fake):
    a, share_a = _mean((scores_real - 1) ** 2)
    b, share_b = _mean(scores_fake**2)
    return (a + b) / 2, (scores_real - 1) * share_a, scores_fake * share_b


def ls_generator_loss(scores_fake):
    a, share = _mean((scores_fake - 1) ** 2)
    return a / 2, (scores_fake - 1) * share
