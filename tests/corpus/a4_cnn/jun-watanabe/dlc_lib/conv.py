import numpy as np


# index tables: which pixel of the padded image does entry (r, s) of window (i, j) read
def _index(size, window, stride):
    count = 1 + (size - window) // stride
    return stride * np.arange(count)[:, None] + np.arange(window)[None, :]


def _windows(x, hh, ww, stride, pad):
    padded = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad), x.dtype)
    padded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]] = x
    rows = _index(padded.shape[2], hh, stride)
    cols = _index(padded.shape[3], ww, stride)
    # (N, C, Ho, hh, Wo, ww)
    return padded, padded[:, :, rows[:, :, None, None], cols[None, None, :, :]]


def conv_forward(x, w, b, *, stride, pad):
    hh, ww = w.shape[2], w.shape[3]
    if hh > x.shape[2] + 2 * pad or ww > x.shape[3] + 2 * pad:
        raise ValueError("too large")
    _, win = _windows(x, hh, ww, stride, pad)
    out = np.tensordot(win, w, axes=([1, 3, 5], [1, 2, 3]))  # N Ho Wo F
    out += b
    return out.transpose(0, 3, 1, 2), (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    padded, win = _windows(x, w.shape[2], w.shape[3], stride, pad)
    dw = np.tensordot(dout, win, axes=([0, 2, 3], [0, 2, 4]))  # F C hh ww
    dwin = np.tensordot(dout, w, axes=([1], [0]))  # N Ho Wo C hh ww
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dpadded[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += dwin[
                :, i, j
            ]
    dx = dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))
