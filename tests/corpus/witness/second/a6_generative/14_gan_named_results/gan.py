from typing import NamedTuple

import numpy as np


class Judged(NamedTuple):
    loss: float
    dreal: np.ndarray
    dfake: np.ndarray


class Fooled(NamedTuple):
    loss: float
    dfake: np.ndarray


def neg_log_sigmoid(s):
    return np.log1p(np.exp(-np.abs(s))) + np.maximum(0, -s)


def sigmoid(s):
    e = np.exp(-np.abs(s))
    return np.where(s >= 0, 1, e) / (1 + e)


def discriminator_loss(logits_real, logits_fake):
    return Judged(
        float(neg_log_sigmoid(logits_real).mean() + neg_log_sigmoid(-logits_fake).mean()),
        -sigmoid(-logits_real) / len(logits_real),
        sigmoid(logits_fake) / len(logits_fake),
    )


def generator_loss(logits_fake):
    return Fooled(float(neg_log_sigmoid(logits_fake).mean()), -sigmoid(-logits_fake) / len(logits_fake))


def minimax_generator_loss(logits_fake):
    return Fooled(-float(neg_log_sigmoid(-logits_fake).mean()), -sigmoid(logits_fake) / len(logits_fake))


def ls_discriminator_loss(scores_real, scores_fake):
    off = scores_real - 1
    loss = (off**2).mean() / 2 + (scores_fake**2).mean() / 2
    return Judged(float(loss), off / off.size, scores_fake / scores_fake.size)


def ls_generator_loss(scores_fake):
    off = scores_fake - 1
    return Fooled(float((off**2).mean() / 2), off / off.size)
