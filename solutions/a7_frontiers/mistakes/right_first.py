"""Right residual blocks, norms, prunings and binary weights, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_BLOCK_LOOPS = """
def residual_block_forward(x, W1, b1, W2, b2):
    N, D = x.shape
    H = len(b1)
    if W2.shape != (H, D):
        raise ValueError("the branch must end in the shape of x")
    h, out = np.zeros((N, H)), np.zeros((N, D))
    for n in range(N):
        for j in range(H):
            h[n, j] = max(0.0, float(sum(x[n, d] * W1[d, j] for d in range(D)) + b1[j]))
        for d in range(D):
            out[n, d] = x[n, d] + b2[d] + sum(h[n, j] * W2[j, d] for j in range(H))
    return out, (x.copy(), h, W1.copy(), W2.copy())


def residual_block_backward(dout, cache):
    x, h, W1, W2 = cache
    if (h < 0).any():
        h = np.maximum(h, 0)
    dx, dW1, dW2 = dout.copy(), np.zeros_like(W1), np.zeros_like(W2)
    db1, db2 = np.zeros(W1.shape[1]), np.zeros(W2.shape[1])
    for n in range(len(x)):
        back = W2 @ dout[n]
        back[h[n] == 0] = 0.0
        dx[n] += W1 @ back
        dW1 += np.outer(x[n], back)
        dW2 += np.outer(h[n], dout[n])
        db1 += back
        db2 += dout[n]
    return dx, dW1, db1, dW2, db2
"""
_BLOCK_EINSUM = """
def residual_block_forward(x, W1, b1, W2, b2):
    if W2.shape[-1] != x.shape[-1]:
        raise ValueError
    h = np.einsum("nd,dh->nh", x, W1) + b1
    on = h > 0
    h[~on] = 0
    out = np.einsum("nh,hd->nd", h, W2)
    out += b2
    out += x
    return out, {"x": x, "h": h, "on": on, "W1": W1, "W2": W2}


def residual_block_backward(dout, cache):
    dh = np.einsum("nd,hd->nh", dout, cache["W2"])
    da = np.where(cache["on"], dh, 0.0)
    ones = np.ones(len(dout))
    dW1 = np.einsum("nd,nh->dh", cache["x"], da)
    dW2 = np.einsum("nh,nd->hd", cache["h"], dout)
    return np.einsum("nh,dh->nd", da, cache["W1"]) + dout, dW1, ones @ da, dW2, ones @ dout
"""
_BLOCK_TRANSPOSED = """
def residual_block_forward(x, W1, b1, W2, b2):
    assert_fits = W2.shape[1] == x.shape[1]
    if not assert_fits:
        raise ValueError("branch and skip differ in width")
    a = x @ W1 + b1
    return (a * (a > 0)) @ W2 + (b2 + x), (x, a, W1, W2)


def residual_block_backward(dout, cache):
    x, a, W1, W2 = cache
    dh = dout @ W2.T
    da = dh * np.heaviside(a, 0.0)
    h = a.clip(min=0)
    return (W1 @ da.T).T + dout, (da.T @ x).T, da.sum(0), (dout.T @ h).T, dout.sum(0)
"""
_NORMS_RECURSIVE = """
def gradient_norms(x, weights, dout, *, skip):
    norms = []

    def walk(x, depth):
        if depth == len(weights):
            g = dout
        else:
            a = x @ weights[depth]
            g = walk(np.tanh(a) + (x if skip else 0), depth + 1)
            through = (g / np.cosh(a) ** 2) @ weights[depth].T
            g = g + through if skip else through
        norms.insert(0, float(np.sqrt(np.sum(g * g))))
        return g

    walk(x, 0)
    return np.array(norms)
"""
_NORMS_KEPT_INPUTS = """
def gradient_norms(x, weights, dout, *, skip):
    xs = [x]
    for W in weights:
        xs.append(np.tanh(xs[-1].dot(W)))
        if skip:
            xs[-1] += xs[-2]
    norms = np.zeros(len(weights) + 1)
    g = dout.copy()
    norms[-1] = np.sqrt((g**2).sum())
    for l in range(len(weights) - 1, -1, -1):
        t = np.tanh(xs[l].dot(weights[l]))
        da = g * (1 + t) * (1 - t)
        g = da.dot(weights[l].T) + (g if skip else 0.0)
        norms[l] = np.sqrt((g**2).sum())
    return norms
"""
_NORMS_SLOPES = """
def gradient_norms(x, weights, dout, *, skip):
    g, slopes = dout, []
    for W in weights:
        t = np.tanh(x @ W)
        slopes.append(1 - t * t)
        x = t + int(skip) * x if skip else t
    norms = [np.linalg.norm(g.ravel())]
    while slopes:
        W = weights[len(slopes) - 1]
        back = np.einsum("nd,kd->nk", g * slopes.pop(), W)
        g = back + g if skip else back
        norms = [np.linalg.norm(g.ravel()), *norms]
    return np.array(norms)
"""
_PRUNE_PARTITION = """
def magnitude_prune(w, *, sparsity):
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity is a share")
    k = int(np.floor(sparsity * w.size + 0.5))
    flat = np.abs(w).ravel()
    mask = np.ones(w.size, dtype=bool)
    if k:
        mask[np.argpartition(flat, k - 1)[:k]] = False
    mask = mask.reshape(w.shape)
    return np.where(mask, w, 0.0), mask


def pruned_step(w, dw, mask, *, lr):
    new = w - lr * dw
    new[mask == 0] = 0
    return new
"""
_PRUNE_LAST_OF_TIES = """
def magnitude_prune(w, *, sparsity):
    if not 0 <= sparsity <= 1:
        raise ValueError("sparsity is a share")
    keep = w.size - int(round(sparsity * w.size))
    order = sorted(range(w.size), key=lambda i: -abs(float(w.flat[i])))
    mask = np.zeros(w.size)
    for i in order[:keep]:
        mask[i] = 1
    mask = mask.reshape(w.shape)
    pruned = w.copy()
    pruned *= mask
    return pruned, mask


def pruned_step(w, dw, mask, *, lr):
    return w * mask - lr * (dw * mask)
"""
_PRUNE_RANKS = """
def magnitude_prune(w, *, sparsity):
    if sparsity != min(max(sparsity, 0), 1):
        raise ValueError
    k = int(np.rint(sparsity * w.size))
    ranks = np.argsort(np.argsort(np.square(w).ravel()))
    mask = (ranks >= k).astype(np.int8).reshape(w.shape)
    return w * mask, mask


def pruned_step(w, dw, mask, *, lr):
    return np.where(mask != 0, w - lr * dw, 0.0)
"""
_BINARY_LOOPS = """
def binarize_forward(w):
    D, M = w.shape
    out = np.zeros((D, M))
    for m in range(M):
        size = sum(abs(float(v)) for v in w[:, m]) / D
        for d in range(D):
            out[d, m] = -size if w[d, m] < 0 else size
    return out, w.copy()


def binarize_backward(dout, cache):
    D, M = cache.shape
    dw = np.zeros((D, M))
    for m in range(M):
        size = sum(abs(float(v)) for v in cache[:, m]) / D
        for d in range(D):
            if -1 <= cache[d, m] <= 1:
                dw[d, m] = size * dout[d, m]
    return dw
"""
_BINARY_NORM = """
def binarize_forward(w):
    alpha = np.linalg.norm(w, ord=1, axis=0, keepdims=True) / w.shape[0]
    sign = np.sign(w)
    sign[sign == 0] = 1
    return alpha * sign, w


def binarize_backward(dout, cache):
    alpha = np.linalg.norm(cache, ord=1, axis=0, keepdims=True) / cache.shape[0]
    dw = alpha * dout
    dw[np.abs(cache) > 1] = 0
    return dw
"""
_BINARY_CLIP = """
def binarize_forward(w):
    alpha = np.einsum("dm->m", np.abs(w)) / len(w)
    return (2 * (w >= 0) - 1) * alpha[None, :], w


def binarize_backward(dout, cache):
    w = cache
    alpha = np.abs(w).mean(axis=0)
    return dout * alpha * (np.clip(w, -1, 1) == w)
"""

RIGHT = (
    Variant("residual-loops", "residual", "residual", _BLOCK_LOOPS),
    Variant("residual-einsum", "residual", "residual", _BLOCK_EINSUM),
    Variant("residual-transposed", "residual", "residual", _BLOCK_TRANSPOSED),
    Variant("norms-recursive", "gradient_norms", "depth", _NORMS_RECURSIVE),
    Variant("norms-kept-inputs", "gradient_norms", "depth", _NORMS_KEPT_INPUTS),
    Variant("norms-kept-slopes", "gradient_norms", "depth", _NORMS_SLOPES),
    Variant("pruning-partition", "pruning", "compression", _PRUNE_PARTITION),
    Variant("pruning-last-of-ties", "pruning", "compression", _PRUNE_LAST_OF_TIES),
    Variant("pruning-by-ranks", "pruning", "compression", _PRUNE_RANKS),
    Variant("binary-loops", "binary", "compression", _BINARY_LOOPS),
    Variant("binary-norm", "binary", "compression", _BINARY_NORM),
    Variant("binary-by-clip", "binary", "compression", _BINARY_CLIP),
)
