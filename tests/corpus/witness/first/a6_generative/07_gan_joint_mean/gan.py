from __future__ import annotations

import numpy as np


def bce_with_logits(logits, labels):
    """max(s, 0) - s*y + log(1 + exp(-|s|)), averaged; and its gradient."""
    losses = np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))
    e = np.exp(-np.abs(logits))
    sigmoid = np.where(logits >= 0, 1 / (1 + e), e / (1 + e))
    return losses.mean(), (sigmoid - labels) / len(logits)


def discriminator_loss(logits_real, logits_fake):
    n = len(logits_real)
    logits = np.concatenate([logits_real, logits_fake])
    labels = np.concatenate([np.ones_like(logits_real), np.zeros_like(logits_fake)])
    loss, grad = bce_with_logits(logits, labels)
    return float(loss), grad[:n], grad[n:]


def generator_loss(logits_fake):
    loss, grad = bce_with_logits(logits_fake, np.ones_like(logits_fake))
    return float(loss), grad


def minimax_generator_loss(logits_fake):
    loss, grad = bce_with_logits(logits_fake, np.zeros_like(logits_fake))
    return -float(loss), -grad


def ls_discriminator_loss(scores_real, scores_fake):
    err_real = scores_real - 1
    loss = 0.5 * np.mean(err_real * err_real) + 0.5 * np.mean(scores_fake * scores_fake)
    return float(loss), err_real / len(err_real), scores_fake / len(scores_fake)


def ls_generator_loss(scores_fake):
    err = scores_fake - 1
    return float(0.5 * np.mean(err * err)), err / len(err)
