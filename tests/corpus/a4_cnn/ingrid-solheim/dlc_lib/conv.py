import numpy as np


def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    if H + 2 * pad < HH or W + 2 * pad < WW:
        raise ValueError("kernel too big for this picture")
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    xp[:, :, pad : pad + H, pad : pad + W] += x
    Ho = (H + 2 * pad - HH) // stride + 1
    Wo = (W + 2 * pad - WW) // stride + 1
    out = np.empty((N, F, Ho, Wo), dtype=x.dtype)
    out[...] = b.reshape(1, F, 1, 1)
    # add the filters entry by entry, in place
    for c in range(C):
        for r in range(HH):
            for s in range(WW):
                piece = xp[
                    :, c, r : r + stride * (Ho - 1) + 1 : stride, s : s + stride * (Wo - 1) + 1 : stride
                ]
                out += piece[:, None] * w[None, :, c, r, s, None, None]
    return out, (xp, (H, W), w, stride, pad)


def conv_backward(dout, cache):
    xp, (H, W), w, stride, pad = cache
    Ho, Wo = dout.shape[2:]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for r in range(w.shape[2]):
        for s in range(w.shape[3]):
            at = np.s_[:, :, r : r + stride * (Ho - 1) + 1 : stride, s : s + stride * (Wo - 1) + 1 : stride]
            dxp[at] += np.tensordot(dout, w[:, :, r, s], axes=(1, 0)).transpose(0, 3, 1, 2)
            dw[:, :, r, s] = np.tensordot(dout, xp[at], axes=((0, 2, 3), (0, 2, 3)))
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum((0, 2, 3))


def _windows(x, hh, ww, stride, pad):
    """same as in my im2col, kept here because it was here first"""
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    win = np.lib.stride_tricks.sliding_window_view(xp, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    return xp, win.transpose(0, 1, 2, 4, 3, 5)
