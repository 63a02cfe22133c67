import numpy as np


def language_windows(tokens, *, length):
    starts = range(0, len(tokens) - length, length)
    a = [tokens[s : s + length] for s in starts]
    b = [tokens[s + 1 : s + 1 + length] for s in starts]
    return (
        np.array(a, dtype=tokens.dtype).reshape(-1, length),
        np.array(b, dtype=tokens.dtype).reshape(-1, length),
    )


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    flat_x = x.reshape(N * T, V)
    flat_y = y.reshape(N * T)
    flat_m = mask.reshape(N * T).astype(x.dtype)
    M = flat_m.sum()
    if M == 0:
        return 0.0, np.zeros_like(x)
    probs = np.exp(flat_x - flat_x.max(axis=1, keepdims=True))
    logz = np.log(probs.sum(axis=1))
    probs /= probs.sum(axis=1, keepdims=True)
    right = flat_x[np.arange(N * T), flat_y] - flat_x.max(axis=1)
    loss = -np.sum(flat_m * (right - logz)) / M
    dx = probs.copy()
    dx[np.arange(N * T), flat_y] -= 1
    dx *= flat_m[:, None] / M
    return float(loss), dx.reshape(N, T, V)


def clip_gradients(gradients, *, limit):
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients.values())))
    clipped = {}
    for name, g in gradients.items():
        clipped[name] = np.clip(g, -limit, limit)
    return clipped, norm


def sample_token(scores, *, temperature, rng):
    s = np.array(scores, dtype=np.float64)
    s -= s.max()
    s /= temperature
    weights = np.exp(s)
    target = rng.random() * weights.sum()
    for v, weight in enumerate(weights):
        target -= weight
        if target < 0:
            return v
    return int(np.argmax(weights))


def generate(step, first, *, length, temperature, rng):
    state = None
    current = first
    text = []
    for position in range(length):
        scores, state = step(current, state)
        current = sample_token(scores, temperature=temperature, rng=rng)
        text += [current]
    return text
