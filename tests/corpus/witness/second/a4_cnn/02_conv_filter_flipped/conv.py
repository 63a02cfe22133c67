import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    n_img, _, height, width = x.shape
    n_filt, _, kh, kw = w.shape
    if kh > height + 2 * pad or kw > width + 2 * pad:
        raise ValueError("kernel bigger than signal")
    signal = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    kernel = w[:, :, ::-1, ::-1]
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    y = np.zeros((n_img, n_filt, oh, ow), dtype=x.dtype)
    for u in range(oh):
        for v in range(ow):
            patch = signal[:, :, u * stride : u * stride + kh, v * stride : v * stride + kw]
            y[:, :, u, v] = np.einsum("nchw,fchw->nf", patch, kernel)
    return y + b[:, None, None], (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    kh, kw = w.shape[2:]
    signal = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    kernel = w[:, :, ::-1, ::-1]
    dsignal = np.zeros_like(signal)
    dkernel = np.zeros_like(w)
    for u in range(dout.shape[2]):
        for v in range(dout.shape[3]):
            rows = slice(u * stride, u * stride + kh)
            cols = slice(v * stride, v * stride + kw)
            d = dout[:, :, u, v]
            dkernel += np.einsum("nf,nchw->fchw", d, signal[:, :, rows, cols])
            dsignal[:, :, rows, cols] += np.einsum("nf,fchw->nchw", d, kernel)
    dx = dsignal[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dkernel[:, :, ::-1, ::-1], dout.sum((0, 2, 3))
