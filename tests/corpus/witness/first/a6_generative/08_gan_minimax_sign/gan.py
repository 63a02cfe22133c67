import numpy as np


def log_sigmoid(s):
    return np.minimum(s, 0) - np.log1p(np.exp(-np.abs(s)))


def sigmoid(s):
    return np.exp(log_sigmoid(s))


def discriminator_loss(logits_real, logits_fake):
    N, M = logits_real.shape[0], logits_fake.shape[0]
    loss = -log_sigmoid(logits_real).sum() / N - log_sigmoid(-logits_fake).sum() / M
    dreal = -sigmoid(-logits_real) / N
    dfake = sigmoid(logits_fake) / M
    return float(loss), dreal, dfake


def generator_loss(logits_fake):
    M = logits_fake.shape[0]
    return float(-log_sigmoid(logits_fake).sum() / M), -sigmoid(-logits_fake) / M


def minimax_generator_loss(logits_fake):
    M = logits_fake.shape[0]
    return float(log_sigmoid(-logits_fake).sum() / M), sigmoid(logits_fake) / M


def ls_discriminator_loss(scores_real, scores_fake):
    N, M = scores_real.shape[0], scores_fake.shape[0]
    loss = ((scores_real - 1) ** 2).sum() / (2 * N) + (scores_fake**2).sum() / (2 * M)
    return float(loss), (scores_real - 1) / N, scores_fake / M


def ls_generator_loss(scores_fake):
    M = scores_fake.shape[0]
    return float(((scores_fake - 1) ** 2).sum() / (2 * M)), (scores_fake - 1) / M
