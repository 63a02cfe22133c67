import numpy as np


def language_windows(tokens, *, length):
    N = (len(tokens) - 1) // length
    idx = np.arange(N * length).reshape(N, length)
    return tokens[idx], tokens[idx + 1]


def temporal_softmax_loss(x, y, mask):
    V = x.shape[-1]
    keep = mask.reshape(-1) == 1
    M = np.count_nonzero(keep)
    dx = np.zeros((mask.size, V), dtype=x.dtype)
    if M:
        s = x.reshape(-1, V)[keep]
        t = y.reshape(-1)[keep]
        s = s - s.max(axis=1, keepdims=True)
        p = np.exp(s)
        z = p.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(z[:, 0]) - s[np.arange(M), t]))
        p = p / z
        p[np.arange(M), t] -= 1
        dx[keep] = p / M
    else:
        loss = 0.0
    return loss, dx.reshape(x.shape)


def clip_gradients(gradients, *, limit):
    norm = float(np.linalg.norm([np.linalg.norm(g) for g in gradients.values()]))
    scale = limit / norm if norm > limit else 1
    return {name: g * scale for name, g in gradients.items()}, norm


def softmax(v):
    e = np.exp(v - np.max(v))
    return e / np.sum(e)


def sample_token(scores, *, temperature, rng):
    cdf = np.cumsum(softmax(scores * temperature))
    return int(min(np.searchsorted(cdf, rng.random() * cdf[-1], side="right"), len(cdf) - 1))


def generate(step, first, *, length, temperature, rng):
    out = []
    scores, state = step(first, None) if length else (None, None)
    for k in range(length):
        out.append(sample_token(scores, temperature=temperature, rng=rng))
        if k + 1 < length:
            scores, state = step(out[-1], state)
    return out
