import numpy as np


def out_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("kernel too large")
    return (n + 2 * pad - k) // stride + 1


def positions(shape, kernel_height, kernel_width, stride, pad):
    for i in range(out_size(shape[2], kernel_height, stride, pad)):
        for j in range(out_size(shape[3], kernel_width, stride, pad)):
            a, b = i * stride, j * stride
            yield slice(a, a + kernel_height), slice(b, b + kernel_width)


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    patches = [
        xp[:, :, rows, cols].reshape(len(x), -1)
        for rows, cols in positions(x.shape, kernel_height, kernel_width, stride, pad)
    ]
    return np.stack(patches, axis=1).reshape(len(x) * len(patches), -1)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    n, c, h, w = shape
    where = list(positions(shape, kernel_height, kernel_width, stride, pad))
    patches = cols.reshape(n, len(where), c, kernel_height, kernel_width)
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad), dtype=cols.dtype)
    for k, (rows, columns) in enumerate(where):
        xp[:, :, rows, columns] += patches[:, k]
    return np.ascontiguousarray(xp[:, :, pad : h + pad, pad : w + pad])


def conv_im2col_forward(x, w, b, *, stride, pad):
    F, C, HH, WW = w.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    Ho, Wo = out_size(x.shape[2], HH, stride, pad), out_size(x.shape[3], WW, stride, pad)
    out = np.einsum("pk,fk->pf", cols, w.reshape(F, -1), optimize=True) + b
    out = np.ascontiguousarray(np.rollaxis(out.reshape(len(x), Ho, Wo, F), 3, 1))
    return out, (x.shape, cols, w, stride, pad)


def conv_im2col_backward(dout, cache):
    shape, cols, w, stride, pad = cache
    F, C, HH, WW = w.shape
    D = np.rollaxis(dout, 1, 4).reshape(-1, F)
    db = np.sum(D, axis=0)
    dw = np.dot(D.T, cols).reshape(F, C, HH, WW)
    dcols = np.dot(D, w.reshape(F, C * HH * WW))
    return col2im(dcols, shape, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad), dw, db
