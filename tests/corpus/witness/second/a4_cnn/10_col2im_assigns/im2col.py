import numpy as np
from numpy.lib.stride_tricks import as_strided


def _size(shape, kh, kw, stride, pad):
    _, _, h, w = shape
    if h + 2 * pad < kh or w + 2 * pad < kw:
        raise ValueError("the window does not fit")
    return (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    N, C, _, _ = x.shape
    Ho, Wo = _size(x.shape, kernel_height, kernel_width, stride, pad)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    sn, sc, sh, sw = xp.strides
    view = as_strided(
        xp,
        shape=(N, Ho, Wo, C, kernel_height, kernel_width),
        strides=(sn, sh * stride, sw * stride, sc, sh, sw),
        writeable=False,
    )
    return view.reshape(N * Ho * Wo, -1)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    Ho, Wo = _size(shape, kernel_height, kernel_width, stride, pad)
    windows = cols.reshape(N, Ho, Wo, C, kernel_height, kernel_width)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for i in range(Ho):
        for j in range(Wo):
            t, l = i * stride, j * stride
            xp[:, :, t : t + kernel_height, l : l + kernel_width] = windows[:, i, j]
    return xp[:, :, pad : pad + H, pad : pad + W]


def conv_im2col_forward(x, w, b, *, stride, pad):
    F = w.shape[0]
    kh, kw = w.shape[2:]
    Ho, Wo = _size(x.shape, kh, kw, stride, pad)
    cols = im2col(x, kernel_height=kh, kernel_width=kw, stride=stride, pad=pad)
    out = (cols @ w.reshape(F, -1).T + b).reshape(x.shape[0], Ho, Wo, F)
    return out.transpose(0, 3, 1, 2), (x, w, stride, pad)


def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    F = w.shape[0]
    kw = {"kernel_height": w.shape[2], "kernel_width": w.shape[3], "stride": stride, "pad": pad}
    D = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = D.T @ im2col(x, **kw)
    return col2im(D @ w.reshape(F, -1), x.shape, **kw), dw.reshape(w.shape), D.sum(axis=0)
