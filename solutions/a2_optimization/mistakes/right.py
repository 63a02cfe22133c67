"""Right solutions of a2_optimization, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_BATCHES_SHUFFLE = """
def minibatches(x, y, *, batch_size, rng):
    if batch_size <= 0 or x.shape[0] != y.shape[0]:
        raise ValueError("no batches of this")
    places = np.arange(x.shape[0])
    rng.shuffle(places)
    x, y = x[places], y[places]
    batches = []
    while len(x):
        batches.append((x[:batch_size], y[:batch_size]))
        x, y = x[batch_size:], y[batch_size:]
    return batches
"""
_BATCHES_SORT = """
def minibatches(x, y, *, batch_size, rng):
    if not (batch_size > 0 and len(x) == len(y)):
        raise ValueError
    places = np.argsort(rng.random(len(x)))
    return [
        [np.take(x, part, axis=0), np.take(y, part, axis=0)]
        for part in np.split(places, range(batch_size, len(x), batch_size))
        if len(part)
    ]
"""
_BATCHES_ONE_BY_ONE = """
def minibatches(x, y, *, batch_size, rng):
    if batch_size < 1 or len(x) - len(y):
        raise ValueError("batches")
    left, order = list(range(len(x))), []
    while left:
        order.append(left.pop(int(rng.integers(len(left)))))
    cuts = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    return tuple((np.array([x[i] for i in cut]), np.array([y[i] for i in cut])) for cut in cuts)
"""
_SGD_LOOP = """
def sgd_step(w, dw, state, *, lr):
    next_w = np.array(w, dtype=float)
    for place in np.ndindex(*w.shape):
        next_w[place] = w[place] - lr * dw[place]
    return next_w, None
"""
_SGD_COPY = """
def sgd_step(w, dw, state, *, lr):
    next_w = w.copy()
    next_w -= lr * dw
    return next_w, {"steps": 1 if state is None else state["steps"] + 1}
"""
_SGD_FLAT = """
def sgd_step(w, dw, state, *, lr):
    next_w = [value - lr * slope for value, slope in zip(w.ravel().tolist(), dw.ravel().tolist())]
    return np.array(next_w).reshape(w.shape), "nothing"
"""
_MOMENTUM_DICT = """
def momentum_step(w, dw, state, *, lr, mu=0.9):
    state = dict(state or {})
    v = state.get("velocity", 0.0 * w)
    state["velocity"] = v * mu + -lr * dw
    return state["velocity"] + w, state
"""
_MOMENTUM_SIGN = """
def momentum_step(w, dw, state, *, lr, mu=0.9):
    push = lr * dw
    if state is not None:
        push = push + mu * state[0]
    return w - push, [push]
"""
_MOMENTUM_OBJECT = """
class Rolling:
    def __init__(self, velocity):
        self.velocity = velocity


def momentum_step(w, dw, state, *, lr, mu=0.9):
    before = 0.0 if state is None else state.velocity
    after = Rolling(np.subtract(mu * before, np.multiply(lr, dw)))
    return np.add(w, after.velocity), after
"""
_ADAM_ALPHA = """
def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    if state is None:
        state = {"t": 0, "m": np.zeros(w.shape), "v": np.zeros(w.shape)}
    t = state["t"] + 1
    m = state["m"] + (1 - beta1) * (dw - state["m"])
    v = state["v"] + (1 - beta2) * (dw * dw - state["v"])
    root = np.sqrt(1 - beta2**t)
    alpha = lr * root / (1 - beta1**t)
    next_w = w - alpha * m / (np.sqrt(v) + eps * root)
    return next_w - lr * weight_decay * w, {"t": t, "m": m, "v": v}
"""
_ADAM_POWERS = """
def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    m, v, left1, left2 = state or (0.0, 0.0, 1.0, 1.0)
    left1, left2 = left1 * beta1, left2 * beta2
    m = beta1 * m + dw - beta1 * dw
    v = beta2 * v + np.square(dw) - beta2 * np.square(dw)
    direction = (m / (1 - left1)) / ((v / (1 - left2)) ** 0.5 + eps)
    return (1 - lr * weight_decay) * w - lr * direction, (m, v, left1, left2)
"""
_ADAM_LOOP = """
def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    t, m, v = (0, {}, {}) if state is None else (state[0], dict(state[1]), dict(state[2]))
    t += 1
    next_w = np.zeros(w.shape)
    for place in np.ndindex(*w.shape):
        m[place] = beta1 * m.get(place, 0.0) + (1 - beta1) * float(dw[place])
        v[place] = beta2 * v.get(place, 0.0) + (1 - beta2) * float(dw[place]) ** 2
        m_hat, v_hat = m[place] / (1 - beta1**t), v[place] / (1 - beta2**t)
        next_w[place] = w[place] - lr * (m_hat / (v_hat**0.5 + eps) + weight_decay * w[place])
    return next_w, (t, m, v)
"""
_SCHEDULES_LOOP = """
def step_decay(t, *, lr, factor, every):
    rate = lr
    for _ in range(every, t + 1, every):
        rate = rate * factor
    return rate


def cosine_decay(t, *, lr, final, total, warmup=0):
    if t >= total:
        return final
    if t < warmup:
        return (t + 1) * lr / warmup
    share = (t - warmup) / (total - warmup)
    return lr * math.cos(math.pi * share / 2) ** 2 + final * math.sin(math.pi * share / 2) ** 2
"""
_SCHEDULES_NUMPY = """
import numpy as np


def step_decay(t, *, lr, factor, every):
    return lr * np.power(factor, np.floor(t / every))


def cosine_decay(t, *, lr, final, total, warmup=0):
    rates = [lr * k / warmup for k in range(1, warmup + 1)]
    angle = np.pi * np.arange(total - warmup) / (total - warmup)
    rates += list((lr + final) / 2 + (lr - final) / 2 * np.cos(angle))
    return float(rates[t]) if t < total else float(final)
"""
_SCHEDULES_EXP = """
def step_decay(t, *, lr, factor, every):
    return math.exp(math.log(lr) + (t - t % every) // every * math.log(factor))


def cosine_decay(t, *, lr, final, total, warmup=0):
    if warmup > t:
        return lr / warmup + t * lr / warmup
    angle = math.pi * min(1, (t - warmup) / (total - warmup))
    half = 0.5 * (lr - final)
    return half * math.cos(angle) + half + final
"""
_TRAIN_LISTS = """
def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    current = {name: value.copy() for name, value in params.items()}
    memory = {}
    history = []
    count = 0
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in minibatches(x, y, batch_size=batch_size, rng=rng):
            value, grads = loss(current, xb, yb)
            losses.append(value)
            sizes.append(len(yb))
            moved = {}
            for name in current:
                moved[name], memory[name] = step(
                    current[name], grads[name], memory.get(name), lr=lr(count)
                )
            current = moved
            count += 1
        history.append(float(np.average(losses, weights=sizes)))
    return current, history
"""
_TRAIN_GENERATOR = """
def _epochs(x, y, epochs, batch_size, rng):
    for epoch in range(epochs):
        for batch in minibatches(x, y, batch_size=batch_size, rng=rng):
            yield epoch, batch


def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    pairs = {name: (value, None) for name, value in params.items()}
    sums = np.zeros(epochs)
    for t, (epoch, (xb, yb)) in enumerate(_epochs(x, y, epochs, batch_size, rng)):
        value, gradients = loss({name: w for name, (w, _) in pairs.items()}, xb, yb)
        sums[epoch] += value * xb.shape[0] / x.shape[0]
        pairs = {name: step(w, gradients[name], state, lr=lr(t)) for name, (w, state) in pairs.items()}
    return {name: w for name, (w, _) in pairs.items()}, sums.tolist()
"""
_TRAIN_BACKWARDS = """
def train(params, loss, x, y, *, step, lr, epochs, batch_size, rng):
    params = {**params}
    states = {}
    history = []
    t = -1
    while len(history) < epochs:
        seen, mean = 0, 0.0
        for xb, yb in minibatches(x, y, batch_size=batch_size, rng=rng):
            t += 1
            value, gradients = loss(dict(params), xb, yb)
            seen += len(xb)
            mean += (value - mean) * len(xb) / seen
            for name in reversed(list(params)):
                state = states.get(name)
                params[name], states[name] = step(params[name], gradients[name], state, lr=lr(t))
        history.append(mean)
    return params, history
"""
RIGHT = (
    Variant("batches-shuffled-then-cut", "minibatches", "batches", _BATCHES_SHUFFLE),
    Variant("batches-sorted-by-chance", "minibatches", "batches", _BATCHES_SORT),
    Variant("batches-drawn-one-by-one", "minibatches", "batches", _BATCHES_ONE_BY_ONE),
    Variant("sgd-loop", "sgd", "optim", _SGD_LOOP),
    Variant("sgd-copy-and-count", "sgd", "optim", _SGD_COPY),
    Variant("sgd-flat-list", "sgd", "optim", _SGD_FLAT),
    Variant("momentum-dict", "momentum", "optim", _MOMENTUM_DICT),
    Variant("momentum-positive-push", "momentum", "optim", _MOMENTUM_SIGN),
    Variant("momentum-object", "momentum", "optim", _MOMENTUM_OBJECT),
    Variant("adam-alpha-form", "adam", "optim", _ADAM_ALPHA),
    Variant("adam-running-powers", "adam", "optim", _ADAM_POWERS),
    Variant("adam-loop", "adam", "optim", _ADAM_LOOP),
    Variant("schedules-loop-and-squares", "schedules", "schedules", _SCHEDULES_LOOP),
    Variant("schedules-table", "schedules", "schedules", _SCHEDULES_NUMPY),
    Variant("schedules-logarithms", "schedules", "schedules", _SCHEDULES_EXP),
    Variant("train-averages", "training", "training", _TRAIN_LISTS),
    Variant("train-generator", "training", "training", _TRAIN_GENERATOR),
    Variant("train-running-mean", "training", "training", _TRAIN_BACKWARDS),
)
