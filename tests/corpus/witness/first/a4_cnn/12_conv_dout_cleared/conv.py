import numpy as np


def get_patch(xp, i, j, stride, kh, kw):
    return xp[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]


def conv_forward(x, w, b, *, stride, pad):
    kh, kw = w.shape[-2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    if xp.shape[2] < kh or xp.shape[3] < kw:
        raise ValueError("filter too big")
    ho = (xp.shape[2] - kh) // stride + 1
    wo = (xp.shape[3] - kw) // stride + 1
    flat_w = w.reshape(len(w), -1)
    out = np.zeros((len(x), len(w), ho, wo)).astype(x.dtype)
    for i in range(ho):
        for j in range(wo):
            out[:, :, i, j] = get_patch(xp, i, j, stride, kh, kw).reshape(len(x), -1) @ flat_w.T + b
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    kh, kw = w.shape[-2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    n, f, ho, wo = dout.shape
    db = dout.sum(axis=(0, 2, 3))
    while ho:
        ho -= 1
        for j in range(wo):
            d = dout[:, :, ho, j]
            dw += np.tensordot(d, get_patch(xp, ho, j, stride, kh, kw), axes=([0], [0]))
            get_patch(dxp, ho, j, stride, kh, kw)[...] += np.tensordot(d, w, axes=([1], [0]))
            d[...] = 0  # done
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db
