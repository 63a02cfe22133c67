from functools import partial

import numpy as np


def _index_table(shape, kh, kw, stride, pad):
    _, c, h, w = shape
    if kh > h + 2 * pad or kw > w + 2 * pad:
        raise ValueError("window does not fit")
    ho = 1 + (h + 2 * pad - kh) // stride
    wo = 1 + (w + 2 * pad - kw) // stride
    ch, r, s = (a.ravel() for a in np.mgrid[:c, :kh, :kw])
    i, j = (a.ravel() for a in np.mgrid[:ho, :wo])
    rows = stride * i[:, None] + r[None, :]
    cols = stride * j[:, None] + s[None, :]
    return (ch[None, :], rows, cols), (ho, wo)


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    (ch, rows, cols), _ = _index_table(x.shape, kernel_height, kernel_width, stride, pad)
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    return xp[:, ch, rows, cols].reshape(-1, ch.size)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    n, c, h, w = shape
    (ch, rows, columns), _ = _index_table(shape, kernel_height, kernel_width, stride, pad)
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad), dtype=cols.dtype)
    values = cols.reshape(n, rows.shape[0], ch.size)
    np.add.at(xp, (slice(None), ch, rows, columns), values)
    return xp[:, :, pad : pad + h, pad : pad + w].copy()


def conv_im2col_forward(x, w, b, *, stride, pad):
    unroll = partial(im2col, kernel_height=w.shape[2], kernel_width=w.shape[3], stride=stride, pad=pad)
    cols = unroll(x)
    _, (ho, wo) = _index_table(x.shape, w.shape[2], w.shape[3], stride, pad)
    out = cols.dot(w.reshape(len(w), -1).T) + b
    return out.reshape(len(x), len(w), ho, wo), (x, w, stride, pad)


def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    size = dict(kernel_height=w.shape[2], kernel_width=w.shape[3], stride=stride, pad=pad)
    d = np.moveaxis(dout, 1, 3).reshape(-1, len(w))
    dw = d.T.dot(im2col(x, **size)).reshape(w.shape)
    dx = col2im(d.dot(w.reshape(len(w), -1)), x.shape, **size)
    return dx, dw, d.sum(0)
