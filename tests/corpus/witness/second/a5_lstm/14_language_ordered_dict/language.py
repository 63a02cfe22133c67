from collections import OrderedDict

import numpy as np


def language_windows(tokens, *, length):
    usable = (len(tokens) - 1) // length * length
    return tokens[:usable].reshape(-1, length).copy(), tokens[1 : 1 + usable].reshape(-1, length).copy()


def temporal_softmax_loss(x, y, mask):
    counted = mask.astype(x.dtype)
    M = max(counted.sum(), 1)
    log_z = np.logaddexp.reduce(x, axis=2, keepdims=True)
    log_p = x - log_z
    hot = np.arange(x.shape[2]) == y[:, :, None]
    loss = -(np.where(hot, log_p, 0).sum(axis=2) * counted).sum() / M
    dx = (np.exp(log_p) - hot) * counted[:, :, None] / M
    return loss, dx.astype(x.dtype)


def clip_gradients(gradients, *, limit):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients.values()))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return OrderedDict((name, g * factor) for name, g in gradients.items()), norm


def sample_token(scores, *, temperature, rng):
    z = scores / temperature
    z = z - z.max()
    p = np.exp(z, dtype=np.float64)
    return rng.choice(len(scores), p=p / p.sum())


def generate(step, first, *, length, temperature, rng):
    state, written = None, [first]
    for _ in range(length):
        scores, state = step(written[-1], state)
        written.append(sample_token(scores, temperature=temperature, rng=rng))
    return written[1:]
