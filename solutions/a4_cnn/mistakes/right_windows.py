"""Right convolutions and poolings, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_SIX_LOOPS = """
def conv_forward(x, w, b, *, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if H + 2 * pad < HH or W + 2 * pad < WW:
        raise ValueError("the filter does not fit")
    H_out, W_out = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    total = float(b[f])
                    for r in range(HH):
                        for s in range(WW):
                            row, column = i * stride + r - pad, j * stride + s - pad
                            if 0 <= row < H and 0 <= column < W:
                                total += float(x[n, :, row, column] @ w[f, :, r, s])
                    out[n, f, i, j] = total
    return out, {"x": x, "w": w, "stride": stride, "pad": pad}


def conv_backward(dout, cache):
    x, w, stride, pad = (cache[name] for name in ("x", "w", "stride", "pad"))
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(F)
    for f in range(F):
        db[f] = dout[:, f].sum()
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                for r in range(HH):
                    for s in range(WW):
                        row, column = i * stride + r - pad, j * stride + s - pad
                        if 0 <= row < H and 0 <= column < W:
                            for n in range(N):
                                dx[n, :, row, column] += dout[n, f, i, j] * w[f, :, r, s]
                                dw[f, :, r, s] += dout[n, f, i, j] * x[n, :, row, column]
    return dx, dw, db
"""
_EINSUM = """
def conv_forward(x, w, b, *, stride, pad):
    HH, WW = w.shape[2:]
    if x.shape[2] + 2 * pad < HH or x.shape[3] + 2 * pad < WW:
        raise ValueError
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.einsum("ncijrs,fcrs->nfij", windows, w) + b[None, :, None, None]
    return out, (windows, w, x.shape, stride, pad)


def conv_backward(dout, cache):
    windows, w, (N, C, H, W), stride, pad = cache
    dw = np.einsum("nfij,ncijrs->fcrs", dout, windows)
    spread = np.einsum("nfij,fcrs->ncijrs", dout, w)
    dxp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dxp[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += spread[
                :, :, i, j
            ]
    return dxp[:, :, pad : H + pad, pad : W + pad], dw, np.einsum("nfij->f", dout)
"""
_BY_OFFSET = """
def conv_forward(x, w, b, *, stride, pad):
    Ho = output_size(x.shape[2], w.shape[2], stride=stride, pad=pad)
    Wo = output_size(x.shape[3], w.shape[3], stride=stride, pad=pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((len(x), len(w), Ho, Wo), dtype=x.dtype)
    for r in range(w.shape[2]):
        for s in range(w.shape[3]):
            seen = padded[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride]
            out += np.tensordot(seen, w[:, :, r, s], axes=(1, 1)).transpose(0, 3, 1, 2)
    out += b[:, None, None]
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    Ho, Wo = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for r in range(w.shape[2]):
        for s in range(w.shape[3]):
            place = np.s_[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride]
            dw[:, :, r, s] = np.tensordot(dout, padded[place], axes=((0, 2, 3), (0, 2, 3)))
            dpadded[place] += np.tensordot(dout, w[:, :, r, s], axes=(1, 0)).transpose(0, 3, 1, 2)
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum((0, 2, 3))
"""
_LOOPS_OVER_WINDOWS = """
def im2col(x, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = x.shape
    if kernel_height > H + 2 * pad or kernel_width > W + 2 * pad:
        raise ValueError("does not fit")
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    rows = []
    for n in range(N):
        for top in range(0, H + 2 * pad - kernel_height + 1, stride):
            for left in range(0, W + 2 * pad - kernel_width + 1, stride):
                rows.append(padded[n, :, top : top + kernel_height, left : left + kernel_width].ravel())
    return np.array(rows)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    k = 0
    for n in range(N):
        for top in range(0, H + 2 * pad - kernel_height + 1, stride):
            for left in range(0, W + 2 * pad - kernel_width + 1, stride):
                window = cols[k].reshape(C, kernel_height, kernel_width)
                padded[n, :, top : top + kernel_height, left : left + kernel_width] += window
                k += 1
    return padded[:, :, pad : H + pad, pad : W + pad]
"""
_INDEX_ARRAYS = """
def _indices(shape, HH, WW, stride, pad):
    N, C, H, W = shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("the window is too large")
    Ho, Wo = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    n, i, j = np.indices((N, Ho, Wo)).reshape(3, -1, 1)
    c, r, s = np.indices((C, HH, WW)).reshape(3, 1, -1)
    return n, c, i * stride + r, j * stride + s


def im2col(x, *, kernel_height, kernel_width, stride, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    return padded[_indices(x.shape, kernel_height, kernel_width, stride, pad)]


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    np.add.at(padded, _indices(shape, kernel_height, kernel_width, stride, pad), cols)
    return padded if pad == 0 else padded[:, :, pad:-pad, pad:-pad]
"""
_CACHED_COLUMNS = """
def conv_im2col_forward(x, w, b, *, stride, pad):
    F, C, HH, WW = w.shape
    if HH > x.shape[2] + 2 * pad or WW > x.shape[3] + 2 * pad:
        raise ValueError("the filter does not fit")
    Ho = 1 + (x.shape[2] + 2 * pad - HH) // stride
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    product = np.dot(w.reshape(F, C * HH * WW), cols.T)
    product += b.reshape(F, 1)
    out = np.moveaxis(product.reshape(F, len(x), Ho, -1), 0, 1)
    return np.ascontiguousarray(out), {"cols": cols, "w": w, "shape": x.shape, "step": (stride, pad)}


def conv_im2col_backward(dout, cache):
    cols, w, (stride, pad) = cache["cols"], cache["w"], cache["step"]
    F, C, HH, WW = w.shape
    columns = np.moveaxis(dout, 1, 0).reshape(F, -1)
    dw = (columns @ cols).reshape(w.shape)
    dcols = columns.T @ w.reshape(F, -1)
    dx = col2im(dcols, cache["shape"], kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    return dx, dw, columns.sum(axis=1)
"""
_LAST_WINS = """
def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if pool_height > H or pool_width > W:
        raise ValueError("the window does not fit")
    H_out, W_out = (H - pool_height) // stride + 1, (W - pool_width) // stride + 1
    out = np.full((N, C, H_out, W_out), -np.inf)
    winner = np.zeros((N, C, H_out, W_out, 2), dtype=int)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    for row in range(i * stride, i * stride + pool_height):
                        for column in range(j * stride, j * stride + pool_width):
                            if x[n, c, row, column] >= out[n, c, i, j]:
                                out[n, c, i, j] = x[n, c, row, column]
                                winner[n, c, i, j] = row, column
    return out, (winner, x.shape)


def max_pool_backward(dout, cache):
    winner, shape = cache
    dx = np.zeros(shape)
    for place in np.ndindex(dout.shape):
        dx[(*place[:2], *winner[place])] += dout[place]
    return dx
"""
_WINDOW_VIEW = """
def max_pool_forward(x, *, pool_height, pool_width, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (pool_height, pool_width), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    flat = windows.reshape(*windows.shape[:4], -1)
    return flat.max(axis=-1), {"argmax": flat.argmax(axis=-1), "x": x, "width": pool_width, "stride": stride}


def max_pool_backward(dout, cache):
    argmax, stride = cache["argmax"], cache["stride"]
    n, c, i, j = np.indices(argmax.shape)
    dx = np.zeros_like(cache["x"])
    row, column = argmax // cache["width"], argmax % cache["width"]
    np.add.at(dx, (n, c, i * stride + row, j * stride + column), dout)
    return dx
"""
_MASK_OF_THE_FIRST = """
def max_pool_backward(dout, cache):
    x, height, width, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        mask = np.zeros(window.shape)
        mask[row, column] = 1
        dx[n, c, i * stride : i * stride + height, j * stride : j * stride + width] += mask * dout[n, c, i, j]
    return dx
"""

RIGHT = (
    Variant("conv-six-loops", "conv", "conv", _SIX_LOOPS),
    Variant("conv-einsum-over-a-window-view", "conv", "conv", _EINSUM),
    Variant("conv-by-filter-offset", "conv", "conv", _BY_OFFSET),
    Variant("im2col-loops-over-windows", "im2col", "im2col", _LOOPS_OVER_WINDOWS),
    Variant("im2col-index-arrays", "im2col", "im2col", _INDEX_ARRAYS),
    Variant("im2col-keeps-the-columns", "im2col", "im2col", _CACHED_COLUMNS),
    Variant("pool-loops-where-the-last-tie-wins", "max_pool", "pool", _LAST_WINS),
    Variant("pool-window-view-and-add-at", "max_pool", "pool", _WINDOW_VIEW),
    Variant("pool-mask-of-one-winner", "max_pool", "pool", _MASK_OF_THE_FIRST),
)
