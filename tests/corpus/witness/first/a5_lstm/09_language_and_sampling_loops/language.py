import math

import numpy as np


def language_windows(tokens, *, length):
    count = (len(tokens) - 1) // length
    inputs = np.empty((max(count, 0), length), dtype=tokens.dtype)
    targets = np.empty_like(inputs)
    for n in range(count):
        start = n * length
        inputs[n] = tokens[start : start + length]
        targets[n] = tokens[start + 1 : start + length + 1]
    return inputs, targets


def temporal_softmax_loss(x, y, mask):
    dx = np.zeros_like(x)
    M = int(np.sum(mask != 0))
    if M == 0:
        return 0.0, dx
    loss = 0.0
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            if not mask[n, t]:
                continue
            row = x[n, t] - np.max(x[n, t])
            log_z = np.log(np.sum(np.exp(row)))
            loss -= row[y[n, t]] - log_z
            dx[n, t] = np.exp(row - log_z) / M
            dx[n, t, y[n, t]] -= 1 / M
    return float(loss / M), dx


def clip_gradients(gradients, *, limit):
    squares = 0.0
    for g in gradients.values():
        squares += float(np.sum(np.square(g)))
    norm = math.sqrt(squares)
    if norm > limit:
        return {k: g * (limit / norm) for k, g in gradients.items()}, norm
    return {k: g.copy() for k, g in gradients.items()}, norm


def sample_token(scores, *, temperature, rng):
    z = np.asarray(scores, dtype=np.float64) / temperature
    p = np.exp(z - z.max())
    p /= p.sum()
    return int(rng.choice(len(p), p=p))


def generate(step, first, *, length, temperature, rng):
    token, state, written = first, None, []
    for _ in range(length):
        scores, state = step(token, state)
        token = sample_token(scores, temperature=temperature, rng=rng)
        written.append(token)
    return written
