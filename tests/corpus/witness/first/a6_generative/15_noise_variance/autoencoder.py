import math

import numpy as np


def encode(x, W):
    codes = x @ W
    return codes


def decode(z, W):
    outputs = z @ W.T
    return outputs


def autoencoder_loss(x, target, W):
    num_examples = x.shape[0]
    codes = encode(x, W)
    outputs = decode(codes, W)
    errors = outputs - target
    loss = float(np.linalg.norm(errors) ** 2 / num_examples)
    d_outputs = errors * 2 / num_examples
    d_codes = d_outputs @ W
    gradient_from_decoder = d_outputs.T @ codes
    gradient_from_encoder = x.T @ d_codes
    return loss, gradient_from_decoder + gradient_from_encoder


def add_noise(x, *, std, rng):
    gaussian = rng.standard_normal(x.shape).astype(x.dtype)
    return x + gaussian * math.sqrt(std)


def denoising_loss(x, W, *, std, rng):
    noisy_examples = add_noise(x, std=std, rng=rng)
    return autoencoder_loss(noisy_examples, target=x, W=W)
