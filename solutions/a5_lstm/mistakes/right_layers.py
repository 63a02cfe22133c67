"""Right recurrent layers and embeddings, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_RNN_EINSUM = """
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    h = np.tanh(np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", prev_h, Wh) + b[None])
    return h, {"x": x, "before": prev_h, "Wx": Wx, "Wh": Wh, "h": h}


def rnn_step_backward(dnext_h, cache):
    if type(cache) is tuple:
        cache = dict(zip(("x", "before", "Wx", "Wh", "h"), cache))
    da = dnext_h - dnext_h * cache["h"] * cache["h"]
    dWx = np.einsum("nd,nh->dh", cache["x"], da)
    dWh = np.einsum("nk,nh->kh", cache["before"], da)
    dx = np.einsum("nh,dh->nd", da, cache["Wx"])
    return dx, np.einsum("nh,kh->nk", da, cache["Wh"]), dWx, dWh, np.einsum("nh->h", da)
"""
_RNN_WHOLE = """
def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T + 1, h0.shape[1]))
    h[:, 0] = h0
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b)
    return h[:, 1:].copy(), (x.copy(), h, Wx.copy(), Wh.copy())


def rnn_backward(dh, cache):
    if type(cache) is list:
        x, Wx, Wh = np.stack([each[0] for each in cache], axis=1), cache[0][2], cache[0][3]
        h = np.stack([cache[0][1], *(each[4] for each in cache)], axis=1)
    else:
        x, h, Wx, Wh = cache
    da = np.zeros(dh.shape)
    carry = 0.0
    for t in range(dh.shape[1] - 1, -1, -1):
        da[:, t] = (dh[:, t] + carry) * (1 - h[:, t + 1] ** 2)
        carry = da[:, t].dot(Wh.T)
    dWx = np.tensordot(x, da, axes=([0, 1], [0, 1]))
    dWh = np.tensordot(h[:, :-1], da, axes=([0, 1], [0, 1]))
    return da @ Wx.T, carry, dWx, dWh, da.sum(axis=(0, 1))
"""
_RNN_ONE_PRODUCT = """
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    both = np.concatenate([x, prev_h], axis=1) @ np.concatenate([Wx, Wh])
    h = np.tanh(both + b)
    return h, (x, prev_h, Wx, Wh, h)
"""
_EMBEDDING_LOOPS = """
def embedding_forward(x, W):
    N, T = x.shape
    out = np.zeros((N, T, W.shape[1]))
    for n in range(N):
        for t in range(T):
            out[n, t, :] = W[x[n, t], :]
    return out, (x.copy(), W.shape)


def embedding_backward(dout, cache):
    x, (V, D) = cache
    dW = np.zeros((V, D))
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            dW[x[n, t]] += dout[n, t]
    return dW
"""
_EMBEDDING_ONE_HOT = """
def embedding_forward(x, W):
    one_hot = np.eye(W.shape[0])[x]
    return one_hot @ W, one_hot


def embedding_backward(dout, cache):
    if type(cache) is tuple:
        cache = np.eye(cache[1][0])[cache[0]]
    return np.einsum("ntv,ntd->vd", cache, dout)
"""
_EMBEDDING_BINCOUNT = """
def embedding_forward(x, W):
    return np.take(W, x, axis=0), (x, W.shape)


def embedding_backward(dout, cache):
    x, (V, D) = cache
    columns = [np.bincount(x.ravel(), weights=dout[..., d].ravel(), minlength=V) for d in range(D)]
    return np.array(columns).T
"""
_LSTM_PLAIN_SIGMOID = """
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    with np.errstate(over="ignore"):
        gates = 1 / (1 + np.exp(-a[:, : 3 * H]))
    i, f, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    g = np.tanh(a[:, 3 * H :])
    c = prev_c * f + g * i
    return np.tanh(c) * o, c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, c = cache
    N, H = c.shape
    tanh_c = np.tanh(c)
    total = dnext_c.copy()
    total += (1 - tanh_c * tanh_c) * o * dnext_h
    da = np.zeros((N, 4 * H))
    da[:, :H] = total * g * (i - i**2)
    da[:, H : 2 * H] = total * prev_c * (f - f**2)
    da[:, 2 * H : 3 * H] = dnext_h * tanh_c * (o - o**2)
    da[:, 3 * H :] = total * i * (1 + g) * (1 - g)
    return da.dot(Wx.T), da.dot(Wh.T), total * f, x.T.dot(da), prev_h.T.dot(da), np.sum(da, 0)
"""
_LSTM_BLOCKS = """
class Kept:
    def __init__(self, **parts):
        self.__dict__.update(parts)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_h.shape
    a = (np.hstack([x, prev_h]) @ np.vstack([Wx, Wh]) + b).reshape(N, 4, H)
    positive = np.exp(-np.abs(a[:, :3]))
    gates = np.where(a[:, :3] >= 0, 1, positive) / (1 + positive)
    g = np.tanh(a[:, 3])
    c = gates[:, 1] * prev_c + gates[:, 0] * g
    kept = Kept(x=x, h=prev_h, c=prev_c, Wx=Wx, Wh=Wh, gates=gates, g=g, next_c=c)
    return gates[:, 2] * np.tanh(c), c, kept


def lstm_step_backward(dnext_h, dnext_c, cache):
    k = cache
    i, f, o = k.gates[:, 0], k.gates[:, 1], k.gates[:, 2]
    t = np.tanh(k.next_c)
    dc = dnext_c + dnext_h * o / np.cosh(np.clip(k.next_c, -300, 300)) ** 2
    dgates = np.stack([dc * k.g, dc * k.c, dnext_h * t], axis=1) * k.gates * (1 - k.gates)
    da = np.concatenate([dgates, (dc * i * (1 - k.g**2))[:, None]], axis=1).reshape(len(t), -1)
    return da @ k.Wx.T, da @ k.Wh.T, dc * f, k.x.T @ da, k.h.T @ da, np.ones(len(da)) @ da
"""
_LSTM_TANH = """
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = x @ Wx + prev_h @ Wh + b
    i, f, o, g = np.hsplit(a, 4)
    i, f, o, g = (0.5 * np.tanh(0.5 * i) + 0.5, 0.5 * np.tanh(0.5 * f) + 0.5,
                  0.5 * np.tanh(0.5 * o) + 0.5, np.tanh(g))
    c = f * prev_c + i * g
    return o * np.tanh(c), c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, c)
"""
_SEQUENCE_ARRAYS = """
def lstm_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    before, cell, kept = h0, np.zeros(h0.shape), {}
    for t in range(T):
        h[:, t, :], cell, kept[t] = lstm_step_forward(x[:, t, :], before, cell, Wx, Wh, b)
        before = h[:, t, :].copy()
    return h, kept


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    back_h, back_c, sums, dxs = np.zeros((N, H)), np.zeros((N, H)), None, [None] * T
    t = T - 1
    while t >= 0:
        dxs[t], back_h, back_c, *rest = lstm_step_backward(back_h + dh[:, t, :], back_c, cache[t])
        sums = rest if sums is None else [a + b for a, b in zip(sums, rest)]
        t -= 1
    return np.array(dxs).transpose(1, 0, 2), back_h, *sums
"""
_SEQUENCE_RECURSION = """
def _read(x, h, c, weights):
    if x.shape[1] == 0:
        return [], []
    h, c, cache = lstm_step_forward(x[:, 0], h, c, *weights)
    later, caches = _read(x[:, 1:], h, c, weights)
    return [h, *later], [cache, *caches]


def lstm_forward(x, h0, Wx, Wh, b):
    states, caches = _read(x, h0, 0 * h0, (Wx, Wh, b))
    return np.concatenate([state[:, None] for state in states], axis=1), caches


def lstm_backward(dh, cache):
    if len(cache) == 1:
        dx, dh0, dc0, dWx, dWh, db = lstm_step_backward(dh[:, 0], np.zeros(dh[:, 0].shape), cache[0])
        lstm_backward.cell = dc0
        return dx[:, None], dh0, dWx, dWh, db
    dx, dh0, dWx, dWh, db = lstm_backward(dh[:, 1:], cache[1:])
    first = lstm_step_backward(dh[:, 0] + dh0, lstm_backward.cell, cache[0])
    lstm_backward.cell = first[2]
    joined = np.concatenate([first[0][:, None], dx], axis=1)
    return joined, first[1], first[3] + dWx, first[4] + dWh, first[5] + db
"""
_SEQUENCE_MOVED = """
def lstm_forward(x, h0, Wx, Wh, b):
    h, c, states, caches = h0, np.zeros(h0.shape), [], []
    for step in np.moveaxis(x, 1, 0):
        h, c, cache = lstm_step_forward(step, h, c, Wx, Wh, b)
        states, caches = [*states, h], [*caches, cache]
    return np.moveaxis(np.array(states), 0, 1), caches
"""
RIGHT = (
    Variant("rnn-einsum", "rnn", "rnn", _RNN_EINSUM),
    Variant("rnn-without-steps", "rnn", "rnn", _RNN_WHOLE),
    Variant("rnn-one-product", "rnn", "rnn", _RNN_ONE_PRODUCT),
    Variant("embedding-loops", "embedding", "embedding", _EMBEDDING_LOOPS),
    Variant("embedding-one-hot", "embedding", "embedding", _EMBEDDING_ONE_HOT),
    Variant("embedding-counts", "embedding", "embedding", _EMBEDDING_BINCOUNT),
    Variant("lstm-step-plain-sigmoid", "lstm_step", "lstm", _LSTM_PLAIN_SIGMOID),
    Variant("lstm-step-blocks", "lstm_step", "lstm", _LSTM_BLOCKS),
    Variant("lstm-step-sigmoid-by-tanh", "lstm_step", "lstm", _LSTM_TANH),
    Variant("lstm-arrays", "lstm", "lstm", _SEQUENCE_ARRAYS),
    Variant("lstm-recursion", "lstm", "lstm", _SEQUENCE_RECURSION),
    Variant("lstm-moved-axis", "lstm", "lstm", _SEQUENCE_MOVED),
)
