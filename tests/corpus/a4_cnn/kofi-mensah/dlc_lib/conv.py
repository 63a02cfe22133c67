"""Convolution by its definition."""

import numpy as np


def corr(img, ker, step=1):
    """valid cross correlation of one (H, W) with one (h, w)"""
    h, w = ker.shape
    rows = range(0, img.shape[0] - h + 1, step)
    cols = range(0, img.shape[1] - w + 1, step)
    return np.array([[(img[i : i + h, j : j + w] * ker).sum() for j in cols] for i in rows])


def conv_forward(x, w, b, *, stride, pad):
    if x.shape[2] + 2 * pad < w.shape[2] or x.shape[3] + 2 * pad < w.shape[3]:
        raise ValueError("kernel larger than input")
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = []
    for image in xp:
        maps = []
        for k in range(w.shape[0]):
            maps.append(sum(corr(image[c], w[k, c], stride) for c in range(x.shape[1])) + b[k])
        out.append(maps)
    return np.array(out, dtype=x.dtype), (xp, x.shape, w, stride, pad)


def conv_backward(dout, cache):
    xp, shape, w, stride, pad = cache
    N, C, H, W = shape
    F, _, HH, WW = w.shape
    # with a stride there are holes in dout, fill them with zeros (dilate)
    Hd, Wd = xp.shape[2] - HH + 1, xp.shape[3] - WW + 1
    dil = np.zeros((N, F, Hd, Wd), dtype=dout.dtype)
    dil[:, :, : dout.shape[2] * stride : stride, : dout.shape[3] * stride : stride] = dout
    dw, dxp = np.zeros_like(w), np.zeros_like(xp)
    for n in range(N):
        for f in range(F):
            g = np.pad(dil[n, f], ((HH - 1, HH - 1), (WW - 1, WW - 1)))
            for c in range(C):
                dw[f, c] += corr(xp[n, c], dil[n, f])
                # "full" correlation. slides say rotate but our conv does not flip, so no rotation here
                dxp[n, c] += corr(g, w[f, c])
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
