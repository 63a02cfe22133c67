import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


class Cell:
    """One LSTM cell bound to its weights."""

    def __init__(self, Wx, Wh, b=None):
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x, h, c):
        H = h.shape[1]
        a = x @ self.Wx + h @ self.Wh + self.b
        ifo = sigmoid(a[:, : 3 * H])
        i, f, o = ifo[:, :H], ifo[:, H : 2 * H], ifo[:, 2 * H :]
        g = np.tanh(a[:, 3 * H :])
        next_c = f * c + i * g
        return o * np.tanh(next_c), next_c, (self, x, h, c, i, f, o, g, next_c)

    def backward(self, dh, dc, x, h, c, i, f, o, g, next_c):
        tc = np.tanh(next_c)
        dc = dc + dh * o * (1 - tc**2)
        da = np.concatenate(
            (dc * g * i * (1 - i), dc * c * f * (1 - f), dh * tc * o * (1 - o), dc * i * (1 - g**2)), axis=1
        )
        return da @ self.Wx.T, da @ self.Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    return Cell(Wx, Wh, b).forward(x, prev_h, prev_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    cell, *rest = cache
    return cell.backward(dnext_h, dnext_c, *rest)


def lstm_forward(x, h0, Wx, Wh, b):
    cell = Cell(Wx, Wh, b)
    hs, tape = [h0], []
    c = np.zeros_like(h0)
    for t in range(x.shape[1]):
        h, c, saved = cell.forward(x[:, t], hs[-1], c)
        hs.append(h)
        tape.append(saved)
    return np.stack(hs[1:], axis=1), tape


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    dnext = np.zeros((N, H), dtype=dh.dtype)
    zero_c = np.zeros((N, H), dtype=dh.dtype)
    dx = [None] * T
    sums = [0, 0, 0]
    for t in range(T)[::-1]:
        dx[t], dnext, _, *step = lstm_step_backward(dh[:, t] + dnext, zero_c, cache[t])
        sums = [s + g for s, g in zip(sums, step)]
    return np.stack(dx, axis=1), dnext, *sums
