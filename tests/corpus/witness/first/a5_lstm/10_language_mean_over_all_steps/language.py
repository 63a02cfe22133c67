from __future__ import annotations

from functools import reduce

import numpy as np


def language_windows(tokens, *, length):
    n = (tokens.size - 1) // length
    used = n * length
    return tokens[:used].reshape(n, length), tokens[1 : used + 1].reshape(n, length)


def log_softmax(x):
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    logp = log_softmax(x)
    picked = np.take_along_axis(logp, y[..., None].astype(int), axis=2)[..., 0]
    m = mask.astype(x.dtype)
    loss = -(m * picked).sum() / (N * T)
    onehot = np.equal.outer(y, np.arange(V))
    dx = (np.exp(logp) - onehot) * m[..., None] / (N * T)
    return float(loss), dx.astype(x.dtype)


def clip_gradients(gradients, *, limit):
    norm = float(np.sqrt(reduce(lambda s, g: s + np.vdot(g, g), gradients.values(), 0.0)))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return {k: factor * g for k, g in gradients.items()}, norm


def sample_token(scores, *, temperature, rng):
    # Gumbel-max: argmax of scores + noise is a draw from the softmax
    noise = rng.gumbel(size=len(scores))
    return int(np.argmax(scores / temperature + noise))


def generate(step, first, *, length, temperature, rng):
    tokens = [first]
    state = None
    while len(tokens) <= length:
        scores, state = step(tokens[-1], state)
        tokens.append(sample_token(scores, temperature=temperature, rng=rng))
    return tokens[1:]
