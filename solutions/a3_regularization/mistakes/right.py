"""Right solutions of a3_regularization, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_PENALTIES_LOOPS = """
def l2_penalty(w, *, strength):
    total = 0.0
    for value in w.ravel():
        total += strength * float(value) * float(value) / 2
    return total, np.array(w) * strength


def l1_penalty(w, *, strength):
    dw = np.zeros(w.shape)
    for place in np.ndindex(*w.shape):
        dw[place] = strength * ((w[place] > 0) - float(w[place] < 0))
    return sum(strength * abs(float(value)) for value in w.ravel()) + 0.0, dw


def add_penalties(loss, gradients, params, *, l1, l2):
    result = {}
    for name in gradients:
        w = params[name]
        result[name] = gradients[name].copy()
        if len(w.shape) >= 2:
            loss = loss + l1 * np.abs(w).sum() + 0.5 * l2 * np.sum(w * w)
            result[name] += l1 * np.sign(w) + l2 * w
    return loss, result
"""
_PENALTIES_NORMS = """
def l2_penalty(w, *, strength):
    return 0.5 * strength * np.linalg.norm(w) ** 2, np.multiply(strength, w)


def l1_penalty(w, *, strength):
    sign = np.divide(w, np.abs(w), out=np.zeros_like(w), where=w != 0)
    return strength * np.linalg.norm(w.ravel(), ord=1), strength * sign


def add_penalties(loss, gradients, params, *, l1, l2):
    names = [name for name, w in params.items() if w.ndim != 1]
    parts = {n: (l1_penalty(params[n], strength=l1), l2_penalty(params[n], strength=l2)) for n in names}
    loss = loss + sum(one[0] + two[0] for one, two in parts.values())
    summed = {n: gradients[n] + one[1] + two[1] for n, (one, two) in parts.items()}
    return loss, {**gradients, **summed}
"""
_PENALTIES_TABLE = """
def _cost(w):
    return {"l1": (np.sum(np.fabs(w)), np.where(w > 0, 1.0, np.where(w < 0, -1.0, 0.0))),
            "l2": (np.einsum("i,i->", w.ravel(), w.ravel()) / 2, +w)}


def _scaled(w, kind, strength):
    value, slope = _cost(w)[kind]
    return float(value) * strength, slope * strength


def l2_penalty(w, *, strength):
    return _scaled(w, "l2", strength)


def l1_penalty(w, *, strength):
    return _scaled(w, "l1", strength)


def add_penalties(loss, gradients, params, *, l1, l2):
    gradients = dict(gradients)
    for name, kind, strength in [(n, *each) for n in params for each in (("l1", l1), ("l2", l2))]:
        if params[name].ndim >= 2:
            cost, slope = _scaled(params[name], kind, strength)
            loss, gradients[name] = loss + cost, np.add(gradients[name], slope)
    return loss, gradients
"""
_DROPOUT_ABOVE = """
def dropout_forward(x, *, p, train, rng):
    if p <= 0 or p > 1:
        raise ValueError("p must be in (0, 1]")
    if train:
        mask = (rng.random(x.shape) > 1 - p) / p
        return x * mask, mask
    return x, np.ones(x.shape)


def dropout_backward(dout, cache):
    return np.multiply(cache, dout)
"""
_DROPOUT_BINOMIAL = """
def dropout_forward(x, *, p, train, rng):
    if not (p > 0 and p <= 1):
        raise ValueError("p")
    kept = rng.binomial(1, p, size=x.shape).astype(bool) if train else np.full(x.shape, True)
    scale = 1 / p if train else 1.0
    return np.where(kept, x * scale, 0.0), (kept, scale)


def dropout_backward(dout, cache):
    kept, scale = cache if type(cache) is tuple else (cache != 0, max(cache.max(), 1.0))
    dx = np.zeros_like(dout)
    dx[kept] = dout[kept] * scale
    return dx
"""
_DROPOUT_LOOP = """
def dropout_forward(x, *, p, train, rng):
    if not 0.0 < p <= 1.0:
        raise ValueError(p)
    factor = np.ones(x.shape)
    if train:
        chance = rng.uniform(0.0, 1.0, size=x.size)
        for place, number in zip(np.ndindex(*x.shape), chance):
            factor[place] = 1.0 / p if number <= p else 0.0
    return factor * x, factor


def dropout_backward(dout, cache):
    return dout * np.array(cache)
"""
_AUGMENT_LOOPS = """
def random_flip(x, *, rng):
    result = np.zeros(x.shape)
    for n in range(x.shape[0]):
        result[n] = np.flip(x[n], axis=2) if rng.integers(0, 2) == 1 else x[n]
    return result


def random_crop(x, *, pad, rng):
    N, C, H, W = x.shape
    result = np.zeros(x.shape)
    for n in range(N):
        down, right = rng.integers(-pad, pad + 1), rng.integers(-pad, pad + 1)
        for i in range(H):
            for j in range(W):
                if 0 <= i + down < H and 0 <= j + right < W:
                    result[n, :, i, j] = x[n, :, i + down, j + right]
    return result


def channel_statistics(x):
    channels = [x[:, c].ravel() for c in range(x.shape[1])]
    mean = np.array([sum(each) / len(each) for each in channels])
    return mean, np.array([(sum((e - m) ** 2) / len(e)) ** 0.5 for e, m in zip(channels, mean)])


def normalize(x, mean, std):
    out = np.array(x, dtype=float)
    for c in range(x.shape[1]):
        out[:, c] -= mean[c]
        if std[c] != 0:
            out[:, c] /= std[c]
    return out
"""
_AUGMENT_WHERE = """
def random_flip(x, *, rng):
    coins = rng.choice([True, False], size=(x.shape[0], 1, 1, 1))
    return np.where(coins, x, np.flip(x, -1))


def random_crop(x, *, pad, rng):
    N, C, H, W = x.shape
    large = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    large[:, :, pad : pad + H, pad : pad + W] = x
    rows = rng.integers(0, 2 * pad, size=N, endpoint=True)[:, None] + np.arange(H)
    columns = rng.integers(0, 2 * pad, size=N, endpoint=True)[:, None] + np.arange(W)
    image, channel = np.arange(N)[:, None, None, None], np.arange(C)[None, :, None, None]
    return large[image, channel, rows[:, None, :, None], columns[:, None, None, :]]


def channel_statistics(x):
    flat = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    mean = np.mean(flat, axis=1)
    return mean, np.sqrt(np.mean((flat - mean[:, None]) ** 2, axis=1))


def normalize(x, mean, std):
    std = std.copy()
    std[std == 0] = 1.0
    return np.einsum("nchw,c->nchw", x - mean.reshape(1, -1, 1, 1), 1 / std)
"""
_AUGMENT_LISTS = """
def random_flip(x, *, rng):
    signs = 1 - 2 * rng.integers(2, size=len(x))
    return np.stack([image[..., ::sign] for image, sign in zip(x, signs)])


def random_crop(x, *, pad, rng):
    H, W = x.shape[-2:]
    views = np.lib.stride_tricks.sliding_window_view(
        np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)]), (H, W), axis=(2, 3)
    )
    rows, columns = (rng.integers(2 * pad + 1, size=len(x)) for _ in range(2))
    return views[np.arange(len(x)), :, rows, columns]


def channel_statistics(x):
    mean = np.einsum("nchw->c", x) / (x.size // x.shape[1])
    return mean, np.sqrt(((x - mean[:, None, None]) ** 2).mean((0, 2, 3)))


def normalize(x, mean, std):
    mean, std = (each[None, :, None, None] for each in (mean, std))
    return np.divide(x - mean, std + (std == 0))
"""
_STOPPING_COUNTER = """
class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_value, self.best_params, self.best_epoch = math.inf, {}, -1
        self.epochs = self.waited = 0

    def update(self, value, params):
        if self.best_value - value > self.min_delta:
            self.best_value = value
            self.best_epoch = self.epochs
            self.best_params = {name: w.copy() for name, w in params.items()}
            self.waited = 0
        else:
            self.waited += 1
        self.epochs = self.epochs + 1
        return self.waited >= self.patience
"""
_STOPPING_HISTORY = """
import copy


class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.bad, self.epochs, self.best_epoch = [], 0, -1
        self.patience, self.min_delta = patience, min_delta
        self.best_value, self.best_params = float("inf"), dict()

    def update(self, value, params):
        epoch, self.epochs = self.epochs, self.epochs + 1
        if not value < self.best_value - self.min_delta:
            self.bad.append(epoch)
            return np.bool_(len(self.bad) > self.patience - 1)
        self.bad.clear()
        self.best_value, self.best_epoch, self.best_params = value, epoch, copy.deepcopy(dict(params))
        return np.bool_(False)
"""
_STOPPING_DEADLINE = """
class EarlyStopping:
    def __init__(self, *, patience, min_delta=0.0):
        self.min_delta, self.patience = min_delta, patience
        self.best_params, self.best_value, self.best_epoch, self.epochs = {}, math.inf, -1, 0

    def update(self, value, params):
        if value + self.min_delta < self.best_value:
            self.best_epoch, self.best_value = self.epochs, value
            self.best_params.clear()
            for name in params:
                self.best_params[name] = np.copy(params[name])
        last = self.best_epoch + self.patience
        self.epochs += 1
        return not self.epochs <= last
"""
RIGHT = (
    Variant("penalties-loops", "penalties", "penalties", _PENALTIES_LOOPS),
    Variant("penalties-norms", "penalties", "penalties", _PENALTIES_NORMS),
    Variant("penalties-table", "penalties", "penalties", _PENALTIES_TABLE),
    Variant("dropout-above-1-minus-p", "dropout", "dropout", _DROPOUT_ABOVE),
    Variant("dropout-binomial", "dropout", "dropout", _DROPOUT_BINOMIAL),
    Variant("dropout-loop", "dropout", "dropout", _DROPOUT_LOOP),
    Variant("augment-loops", "augment", "augment", _AUGMENT_LOOPS),
    Variant("augment-indices", "augment", "augment", _AUGMENT_WHERE),
    Variant("augment-views", "augment", "augment", _AUGMENT_LISTS),
    Variant("stopping-counter", "stopping", "stopping", _STOPPING_COUNTER),
    Variant("stopping-list-of-bad-epochs", "stopping", "stopping", _STOPPING_HISTORY),
    Variant("stopping-deadline", "stopping", "stopping", _STOPPING_DEADLINE),
)
