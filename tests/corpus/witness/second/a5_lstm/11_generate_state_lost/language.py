from itertools import islice

import numpy as np


def language_windows(tokens, *, length):
    rows = max(0, (tokens.shape[0] - 1) // length)
    cut = rows * length
    return np.reshape(tokens[:cut], (rows, length)), np.reshape(tokens[1:][:cut], (rows, length))


def temporal_softmax_loss(x, y, mask):
    weight = mask / max(int(mask.sum()), 1)
    top = x.max(axis=2)
    e = np.exp(x - top[:, :, None])
    total = e.sum(axis=2)
    rows, cols = np.indices(y.shape)
    nll = np.log(total) - (x[rows, cols, y] - top)
    dx = e / total[:, :, None]
    dx[rows, cols, y] -= 1
    return float((weight * nll).sum()), (dx * weight[:, :, None]).astype(x.dtype)


def clip_gradients(gradients, *, limit):
    norm = sum(float((g * g).sum()) for g in gradients.values()) ** 0.5
    if norm <= limit:
        return dict(gradients), norm
    return {k: v / norm * limit for k, v in gradients.items()}, norm


def sample_token(scores, *, temperature, rng):
    logits = scores / temperature
    p = np.exp(logits - logits.max()).astype(np.float64)
    return int(rng.choice(p.size, p=p / p.sum()))


def _stream(step, token, temperature, rng):
    while True:
        scores, _ = step(token, None)
        token = sample_token(scores, temperature=temperature, rng=rng)
        yield token


def generate(step, first, *, length, temperature, rng):
    return list(islice(_stream(step, first, temperature, rng), length))
