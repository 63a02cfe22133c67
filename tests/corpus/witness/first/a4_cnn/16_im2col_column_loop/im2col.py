import numpy as np


def _outs(shape, kernel_height, kernel_width, stride, pad):
    spare_h = shape[2] + 2 * pad - kernel_height
    spare_w = shape[3] + 2 * pad - kernel_width
    if min(spare_h, spare_w) < 0:
        raise ValueError("window does not fit into the padded image")
    return spare_h // stride + 1, spare_w // stride + 1


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    n, c, h, w = x.shape
    ho, wo = _outs(x.shape, kernel_height, kernel_width, stride, pad)
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad), x.dtype)
    xp[:, :, pad : pad + h, pad : pad + w] = x
    cols = np.empty((n, ho, wo, c, kernel_height, kernel_width), x.dtype)
    for r in range(kernel_height):
        for s in range(kernel_width):
            taken = xp[:, :, r : r + (ho - 1) * stride + 1 : stride, s : s + (wo - 1) * stride + 1 : stride]
            cols[..., r, s] = taken.transpose(0, 2, 3, 1)
    return cols.reshape(n * ho * wo, c * kernel_height * kernel_width)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    n, c, h, w = shape
    ho, wo = _outs(shape, kernel_height, kernel_width, stride, pad)
    blocks = cols.reshape(n, ho, wo, c, kernel_height, kernel_width)
    xp = np.zeros((n, c, h + 2 * pad, w + 2 * pad), cols.dtype)
    for i in range(ho):
        for j in range(wo):
            xp[:, :, i * stride : i * stride + kernel_height, j * stride : j * stride + kernel_width] += blocks[:, i, j]
    return xp[:, :, pad : pad + h, pad : pad + w]


def conv_im2col_forward(x, w, b, *, stride, pad):
    f = len(w)
    ho, wo = _outs(x.shape, *w.shape[2:], stride, pad)
    cols = im2col(x, kernel_height=w.shape[2], kernel_width=w.shape[3], stride=stride, pad=pad)
    rows = w.reshape(f, -1) @ cols.T + b[:, None]
    return rows.reshape(f, len(x), ho, wo).swapaxes(0, 1), (x, w, stride, pad)


def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    f = len(w)
    window = {"kernel_height": w.shape[2], "kernel_width": w.shape[3], "stride": stride, "pad": pad}
    d = dout.swapaxes(0, 1).reshape(f, -1)
    dw = (d @ im2col(x, **window)).reshape(w.shape)
    dx = col2im(d.T @ w.reshape(f, -1), x.shape, **window)
    return dx, dw, d.sum(axis=1)
