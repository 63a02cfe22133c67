import numpy as np


def language_windows(tokens, *, length):
    n = (tokens.shape[0] - 1) // length
    grid = np.add.outer(np.arange(n) * length, np.arange(length))
    return tokens[grid], tokens[grid + 1]


def _normalised(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def temporal_softmax_loss(x, y, mask):
    n, t = np.where(mask == 1)
    dx = np.zeros_like(x)
    if not len(n):
        return 0.0, dx
    rows, right = x[n, t], y[n, t]
    top = rows.max(axis=1)
    loss = np.mean(np.log(np.exp(rows - top[:, None]).sum(axis=1)) + top - rows[np.arange(len(n)), right])
    p = _normalised(rows)
    p[np.arange(len(n)), right] -= 1
    dx[n, t] = p / len(n)
    return float(loss), dx


def clip_gradients(gradients, *, limit):
    norm = np.sqrt(np.sum([np.sum(g.astype(float) ** 2) for g in gradients.values()]))
    if norm <= limit:
        return dict(gradients), float(norm)
    return {name: (g * (limit / norm)).astype(g.dtype) for name, g in gradients.items()}, float(norm)


def sample_token(scores, *, temperature, rng):
    cdf = np.cumsum(_normalised(np.asarray(scores, dtype=float) / temperature))
    return np.argmax(rng.random() * cdf[-1] < cdf)


def generate(step, first, *, length, temperature, rng):
    written, state, token = [], None, first
    for _ in range(length):
        scores, state = step(token, state)
        token = sample_token(scores, temperature=temperature, rng=rng)
        written.append(token)
    return written
