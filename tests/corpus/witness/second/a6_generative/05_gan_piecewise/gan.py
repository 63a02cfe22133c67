"""GAN losses as two families: cross-entropy and least squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Pointwise(Protocol):
    def value(self, s: np.ndarray) -> np.ndarray: ...

    def slope(self, s: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class CrossEntropy:
    """-log of the probability that the discriminator gives to `label`."""

    label: int

    def _signed(self, s):
        return s if self.label == 1 else -s

    def value(self, s):
        t = self._signed(s)
        return np.log1p(np.exp(-np.abs(t))) + np.maximum(-t, 0)

    def slope(self, s):
        e = np.exp(-np.abs(s))
        probability = np.where(s >= 0, 1, e) / (1 + e)
        if self.label == 1:
            return -np.where(s >= 0, e, 1) / (1 + e)
        return probability


@dataclass(frozen=True)
class LeastSquares:
    label: int

    def value(self, s):
        return 0.5 * np.square(s - self.label)

    def slope(self, s):
        return s - self.label


def _mean(loss: Pointwise, s):
    return float(np.mean(loss.value(s))), loss.slope(s) / s.shape[0]


def _discriminate(family, real, fake):
    loss_real, dreal = _mean(family(1), real)
    loss_fake, dfake = _mean(family(0), fake)
    return loss_real + loss_fake, dreal, dfake


def discriminator_loss(logits_real, logits_fake):
    return _discriminate(CrossEntropy, logits_real, logits_fake)


def generator_loss(logits_fake):
    return _mean(CrossEntropy(1), logits_fake)


def minimax_generator_loss(logits_fake):
    loss, slope = _mean(CrossEntropy(0), logits_fake)
    return -loss, -slope


def ls_discriminator_loss(scores_real, scores_fake):
    return _discriminate(LeastSquares, scores_real, scores_fake)


def ls_generator_loss(scores_fake):
    return _mean(LeastSquares(1), scores_fake)
