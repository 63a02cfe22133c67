import numpy as np

# while loops since I come from C


def conv_forward(x, w, b, *, stride, pad):
    hp, wp = x.shape[2] + 2 * pad, x.shape[3] + 2 * pad
    if w.shape[2] > hp or w.shape[3] > wp:
        raise ValueError("filter too large")
    xp = np.zeros((x.shape[0], x.shape[1], hp, wp), x.dtype)
    xp[:, :, pad : hp - pad, pad : wp - pad] = x
    out = np.zeros(
        (x.shape[0], w.shape[0], (hp - w.shape[2]) // stride + 1, (wp - w.shape[3]) // stride + 1), x.dtype
    )
    i = 0
    while i < out.shape[2]:
        j = 0
        while j < out.shape[3]:
            win = xp[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            out[:, :, i, j] = np.tensordot(win, w, [[1, 2, 3], [1, 2, 3]]) + b
            j += 1
        i += 1
    return out, (x, xp, w, stride, pad)


def conv_backward(dout, cache):
    x, xp, w, stride, pad = cache
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    i = 0
    while i < dout.shape[2]:
        j = 0
        while j < dout.shape[3]:
            at = np.s_[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            dw += np.tensordot(dout[:, :, i, j], xp[at], [[0], [0]])
            dxp[at] += np.tensordot(dout[:, :, i, j], w, [[1], [0]])
            j += 1
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum((0, 2, 3))
