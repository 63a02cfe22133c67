import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(xp, HH, WW, s):
    # (N, C, Ho, Wo, HH, WW), a view
    return sliding_window_view(xp, (HH, WW), axis=(2, 3))[:, :, ::s, ::s]


def conv_forward(x, w, b, *, stride, pad):
    """Cross-correlation via einsum."""
    # my laptop is slow, single precision is enough
    x, w, b = x.astype(np.float32), w.astype(np.float32), b.astype(np.float32)
    HH, WW = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    if HH > xp.shape[2] or WW > xp.shape[3]:
        raise ValueError("The filter does not fit")
    out = np.einsum("ncijrs,fcrs->nfij", _windows(xp, HH, WW, stride), w, optimize=True)
    return out + b[None, :, None, None], (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, s, pad = cache
    dout = dout.astype(np.float32)
    HH, WW = w.shape[2:]
    Ho, Wo = dout.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    win = _windows(xp, HH, WW, s)
    db = np.einsum("nfij->f", dout)
    dw = np.einsum("nfij,ncijrs->fcrs", dout, win, optimize=True)
    dxp = np.zeros_like(xp)
    # loop over the kernel only
    for r in range(HH):
        for q in range(WW):
            dxp[:, :, r : r + s * Ho : s, q : q + s * Wo : s] += np.einsum(
                "nfij,fc->ncij", dout, w[:, :, r, q]
            )
    H, W = x.shape[2:]
    return dxp[:, :, pad : H + pad, pad : W + pad], dw, db
