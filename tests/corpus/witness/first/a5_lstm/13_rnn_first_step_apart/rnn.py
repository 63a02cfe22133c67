import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b[None])
    return next_h, {"x": x, "h": prev_h, "Wx": Wx, "Wh": Wh, "out": next_h}


def rnn_step_backward(dnext_h, cache):
    d = dnext_h * (1 - cache["out"] * cache["out"])
    dx = d @ cache["Wx"].T
    dprev = d @ cache["Wh"].T
    return dx, dprev, cache["x"].T @ d, cache["h"].T @ d, d.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    steps = x.shape[1]
    caches = [None] * steps
    first, caches[0] = rnn_step_forward(x[:, 0], h0, Wx, Wh, b)
    hs = [first]
    for t in range(1, steps):
        nxt, caches[t] = rnn_step_forward(x[:, t], hs[-1], Wx, Wh, b)
        hs.append(nxt)
    return np.stack(hs, axis=1), caches


def rnn_backward(dh, cache):
    steps = len(cache)
    dx = np.zeros((dh.shape[0], steps, cache[0]["x"].shape[1]), dtype=dh.dtype)
    # last step: nothing comes from behind
    dx[:, -1], back, dWx, dWh, db = rnn_step_backward(dh[:, -1], cache[-1])
    for t in range(steps - 2, -1, -1):
        dx[:, t], back, gx, gh, gb = rnn_step_backward(dh[:, t] + back, cache[t])
        dWx = dWx + gx
        dWh = dWh + gh
        db = db + gb
        dh0 = back
    return dx, dh0, dWx, dWh, db
