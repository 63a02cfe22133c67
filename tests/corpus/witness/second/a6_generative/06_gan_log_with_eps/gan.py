import numpy as np

eps = 1e-8


def sigmoid(x):
    z = np.exp(-np.abs(x))
    return np.where(x > 0, 1 / (1 + z), z / (1 + z))


def discriminator_loss(logits_real, logits_fake):
    D_real = sigmoid(logits_real)
    D_fake = sigmoid(logits_fake)
    loss = -np.mean(np.log(D_real + eps)) - np.mean(np.log(1 - D_fake + eps))
    return float(loss), (D_real - 1) / len(D_real), D_fake / len(D_fake)


def generator_loss(logits_fake):
    D_fake = sigmoid(logits_fake)
    loss = -np.mean(np.log(D_fake + eps))
    return float(loss), (D_fake - 1) / len(D_fake)


def minimax_generator_loss(logits_fake):
    D_fake = sigmoid(logits_fake)
    loss = np.mean(np.log(1 - D_fake + eps))
    return float(loss), -D_fake / len(D_fake)


def ls_discriminator_loss(scores_real, scores_fake):
    real_part = np.mean((scores_real - 1) ** 2)
    fake_part = np.mean(scores_fake**2)
    return float(real_part / 2 + fake_part / 2), (scores_real - 1) / len(scores_real), scores_fake / len(scores_fake)


def ls_generator_loss(scores_fake):
    diff = scores_fake - 1
    return float(np.mean(diff**2) / 2), diff / len(diff)
