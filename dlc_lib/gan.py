"""Losses of generative adversarial networks, from logits."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def discriminator_loss(logits_real: Array, logits_fake: Array) -> tuple[float, Array, Array]:
    """How badly the discriminator tells real examples from fakes.

    With D = sigmoid(logit), the probability that an example is real:

        loss = − mean of log D(real) − mean of log(1 − D(fake))

    Each mean is over its own examples, and the two are summed, not averaged. Loss and gradients are finite
    and exact for logits of any size, since −log sigmoid(s) = log(1 + exp(−s)).

    Args:
        logits_real: shape (N,), float64.
        logits_fake: shape (M,); M may differ from N.

    Returns:
        loss: one number.
        dreal: gradient with respect to logits_real, shape (N,).
        dfake: gradient with respect to logits_fake, shape (M,).

    No input is changed.

    Source: Goodfellow et al., Generative Adversarial Nets (2014), equation 1.
    """
    loss = np.logaddexp(0, -logits_real).mean() + np.logaddexp(0, logits_fake).mean()
    dreal = -np.exp(-np.logaddexp(0, logits_real)) / len(logits_real)
    dfake = np.exp(-np.logaddexp(0, -logits_fake)) / len(logits_fake)
    return float(loss), dreal, dfake


def generator_loss(logits_fake: Array) -> tuple[float, Array]:
    """How badly the generator fools the discriminator: the loss that keeps its slope.

        loss = − mean of log D(fake)

    Finite and exact for logits of any size. Where the discriminator is sure that an example is a fake, the
    slope is largest.

    Args:
        logits_fake: what the discriminator says about the generator's examples, shape (M,).

    Returns:
        loss: one number.
        dfake: gradient with respect to logits_fake, shape (M,).

    logits_fake is not changed.

    Source: Goodfellow et al., Generative Adversarial Nets (2014), section 3, last paragraph.
    """
    dfake = -np.exp(-np.logaddexp(0, logits_fake)) / len(logits_fake)
    return float(np.logaddexp(0, -logits_fake).mean()), dfake


def minimax_generator_loss(logits_fake: Array) -> tuple[float, Array]:
    """The generator's share in the game as it was first written.

        loss = mean of log(1 − D(fake))

    Finite and exact for logits of any size. Where the discriminator is sure that an example is a fake, there
    is hardly any slope: compare `generator_loss`.

    Args:
        logits_fake: what the discriminator says about the generator's examples, shape (M,).

    Returns:
        loss: one number, never positive.
        dfake: gradient with respect to logits_fake, shape (M,).

    logits_fake is not changed.

    Source: Goodfellow et al., Generative Adversarial Nets (2014), equation 1.
    """
    dfake = -np.exp(-np.logaddexp(0, -logits_fake)) / len(logits_fake)
    return float(-np.logaddexp(0, logits_fake).mean()), dfake


def ls_discriminator_loss(scores_real: Array, scores_fake: Array) -> tuple[float, Array, Array]:
    """Least squares: real examples should score 1, fakes 0.

        loss = 1/2 · mean of (real − 1)² + 1/2 · mean of fake²

    The scores are used as they are, without a sigmoid.

    Args:
        scores_real: shape (N,), float64.
        scores_fake: shape (M,); M may differ from N.

    Returns:
        loss: one number.
        dreal: gradient with respect to scores_real, shape (N,).
        dfake: gradient with respect to scores_fake, shape (M,).

    No input is changed.

    Source: Mao et al., Least Squares Generative Adversarial Networks (2017), equation 2 with a = 0, b = 1.
    """
    loss = ((scores_real - 1) ** 2).mean() / 2 + (scores_fake**2).mean() / 2
    return float(loss), (scores_real - 1) / len(scores_real), scores_fake / len(scores_fake)


def ls_generator_loss(scores_fake: Array) -> tuple[float, Array]:
    """Least squares: the generator wants its examples to score 1.

        loss = 1/2 · mean of (fake − 1)²

    Args:
        scores_fake: shape (M,), float64.

    Returns:
        loss: one number.
        dfake: gradient with respect to scores_fake, shape (M,).

    scores_fake is not changed.

    Source: Mao et al., Least Squares Generative Adversarial Networks (2017), equation 2 with c = 1.
    """
    return float(((scores_fake - 1) ** 2).mean() / 2), (scores_fake - 1) / len(scores_fake)
