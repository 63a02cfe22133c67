"""Right windows, losses, clippings and samplings, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_LANGUAGE_LOOPS = """
def language_windows(tokens, *, length):
    inputs, targets = [], []
    start = 0
    while start + length + 1 <= len(tokens):
        inputs.append(tokens[start : start + length])
        targets.append(tokens[start + 1 : start + length + 1])
        start += length
    shape = (len(inputs), length)
    return np.array(inputs, dtype=int).reshape(shape), np.array(targets, dtype=int).reshape(shape)


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    count = sum(int(value) for value in mask.ravel())
    loss, dx = 0.0, np.zeros(x.shape)
    for n in range(N):
        for t in range(T):
            if mask[n, t]:
                shifted = x[n, t] - max(x[n, t])
                total = np.exp(shifted).sum()
                loss += (np.log(total) - shifted[y[n, t]]) / count
                dx[n, t] = np.exp(shifted) / total / count
                dx[n, t, y[n, t]] -= 1 / count
    return loss, dx


def clip_gradients(gradients, *, limit):
    squares = 0.0
    for dw in gradients.values():
        squares += np.sum(np.square(dw))
    norm = squares**0.5
    if norm <= limit:
        return {name: dw.copy() for name, dw in gradients.items()}, norm
    return {name: limit * dw / norm for name, dw in gradients.items()}, norm
"""
_LANGUAGE_FLAT = """
def language_windows(tokens, *, length):
    N = (len(tokens) - 1) // length
    pairs = np.stack([tokens[:-1], tokens[1:]])[:, : N * length] if N else np.zeros((2, 0), int)
    return pairs[0].reshape(-1, length), pairs[1].reshape(-1, length)


def temporal_softmax_loss(x, y, mask):
    counts = np.flatnonzero(mask)
    dx = np.zeros_like(x).reshape(-1, x.shape[2])
    if len(counts) == 0:
        return 0.0, dx.reshape(x.shape)
    scores, right = x.reshape(-1, x.shape[2])[counts], y.reshape(-1)[counts]
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    totals = p.sum(axis=1, keepdims=True)
    rows = np.arange(len(counts))
    loss = (np.log(totals[:, 0]) - scores[rows, right]).mean()
    p /= totals
    p[rows, right] -= 1
    dx[counts] = p / len(counts)
    return loss, dx.reshape(x.shape)


def clip_gradients(gradients, *, limit):
    norm = np.linalg.norm(np.concatenate([dw.ravel() for dw in gradients.values()]))
    factor = min(1.0, limit / (norm + 1e-12))
    return dict(zip(gradients, [factor * dw for dw in gradients.values()])), norm
"""
_LANGUAGE_EINSUM = """
def temporal_softmax_loss(x, y, mask):
    on = mask.astype(float)
    one_hot = np.eye(x.shape[2], dtype=x.dtype)[y]
    shifted = x - x.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    M = np.maximum(on.sum(), 1.0)
    loss = 0.0 - np.einsum("ntv,ntv,nt->", log_p, one_hot, on / M)
    return loss, (np.exp(log_p) - one_hot) * (on / M)[..., None]
"""
_SAMPLING_CUMULATIVE = """
def sample_token(scores, *, temperature, rng):
    z = scores / temperature
    p = np.exp(z - z.max())
    p /= p.sum()
    return int(min(np.searchsorted(np.cumsum(p), rng.random(), side="right"), len(p) - 1))


def generate(step, first, *, length, temperature, rng):
    tokens, state = [first], None
    while len(tokens) <= length:
        scores, state = step(tokens[-1], state)
        tokens.append(sample_token(scores, temperature=temperature, rng=rng))
    return tokens[1:]
"""
_SAMPLING_GUMBEL = """
def sample_token(scores, *, temperature, rng):
    return int(np.argmax(scores / temperature + rng.gumbel(size=len(scores))))


def generate(step, first, *, length, temperature, rng):
    tokens = np.zeros(length, dtype=int)
    state = None
    for place in range(length):
        before = first if place == 0 else int(tokens[place - 1])
        scores, state = step(before, state)
        tokens[place] = sample_token(scores, temperature=temperature, rng=rng)
    return tokens.tolist()
"""
_SAMPLING_MULTINOMIAL = """
def sample_token(scores, *, temperature, rng):
    log_p = scores / temperature
    log_p = log_p - np.logaddexp.reduce(log_p)
    return int(rng.multinomial(1, np.exp(log_p)).argmax())


def generate(step, first, *, length, temperature, rng):
    if length == 0:
        return []
    scores, state = step(first, None)
    found = [sample_token(scores, temperature=temperature, rng=rng)]
    for _ in range(1, length):
        scores, state = step(found[-1], state)
        found += [sample_token(scores, temperature=temperature, rng=rng)]
    return found
"""
RIGHT = (
    Variant("language-loops", "language", "language", _LANGUAGE_LOOPS),
    Variant("language-only-what-counts", "language", "language", _LANGUAGE_FLAT),
    Variant("language-einsum", "language", "language", _LANGUAGE_EINSUM),
    Variant("sampling-cumulative", "sampling", "language", _SAMPLING_CUMULATIVE),
    Variant("sampling-gumbel", "sampling", "language", _SAMPLING_GUMBEL),
    Variant("sampling-multinomial", "sampling", "language", _SAMPLING_MULTINOMIAL),
)
