import numpy as np


def _softplus(s):
    return max(s, 0) + np.log1p(np.exp(-abs(s)))


def _sigmoid(s):
    return 1 / (1 + np.exp(-s)) if s >= 0 else np.exp(s) / (1 + np.exp(s))


def _over(logits, f, df):
    total = np.float64(0)
    slopes = np.empty_like(logits)
    for k, s in enumerate(logits.tolist()):
        total += f(s)
        slopes[k] = df(s) / len(logits)
    return total / len(logits), slopes


def discriminator_loss(logits_real, logits_fake):
    a, dreal = _over(logits_real, lambda s: _softplus(-s), lambda s: -_sigmoid(-s))
    b, dfake = _over(logits_fake, _softplus, _sigmoid)
    return a + b, dreal, dfake


def generator_loss(logits_fake):
    return _over(logits_fake, lambda s: _softplus(-s), lambda s: -_sigmoid(-s))


def minimax_generator_loss(logits_fake):
    return _over(logits_fake, lambda s: -_softplus(s), lambda s: -_sigmoid(s))


def ls_discriminator_loss(scores_real, scores_fake):
    a, dreal = _over(scores_real, lambda s: (s - 1) ** 2 / 2, lambda s: s - 1)
    b, dfake = _over(scores_fake, lambda s: s**2 / 2, lambda s: s)
    return a + b, dreal, dfake


def ls_generator_loss(scores_fake):
    return _over(scores_fake, lambda s: (s - 1) ** 2 / 2, lambda s: s - 1)
