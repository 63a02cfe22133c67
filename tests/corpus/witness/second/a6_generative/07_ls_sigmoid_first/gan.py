import numpy as np


def softplus(x):
    return np.log1p(np.exp(-abs(x))) + x.clip(min=0)


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(x / 2)


def tail(x):
    """1 - sigmoid(x) without cancellation"""
    return np.exp(-softplus(x))


def discriminator_loss(logits_real, logits_fake):
    n, m = logits_real.size, logits_fake.size
    loss = softplus(-logits_real).sum() / n + softplus(logits_fake).sum() / m
    return float(loss), -tail(logits_real) / n, tail(-logits_fake) / m


def generator_loss(logits_fake):
    m = logits_fake.size
    return float(softplus(-logits_fake).sum() / m), -tail(logits_fake) / m


def minimax_generator_loss(logits_fake):
    m = logits_fake.size
    return float(-softplus(logits_fake).sum() / m), -tail(-logits_fake) / m


def _half_square(scores, label):
    p = sigmoid(scores)
    d = p - label
    return float((d * d).sum() / (2 * d.size)), d * p * (1 - p) / d.size


def ls_discriminator_loss(scores_real, scores_fake):
    loss_real, dreal = _half_square(scores_real, 1)
    loss_fake, dfake = _half_square(scores_fake, 0)
    return loss_real + loss_fake, dreal, dfake


def ls_generator_loss(scores_fake):
    return _half_square(scores_fake, 1)
