import numpy as np


def _check(h, w, ph, pw):
    if ph > h or pw > w:
        raise ValueError("the pooling window is larger than the image")


def max_pool_forward(x, *, pool_height, pool_width, stride):
    n, c, h, w = x.shape
    _check(h, w, pool_height, pool_width)
    ho = 1 + (h - pool_height) // stride
    wo = 1 + (w - pool_width) // stride
    best = np.full((n, c, ho, wo), -np.inf, dtype=x.dtype)
    who = np.zeros((n, c, ho, wo), dtype=np.int64)
    for r in range(pool_height):
        for s in range(pool_width):
            candidate = x[:, :, r : r + (ho - 1) * stride + 1 : stride, s : s + (wo - 1) * stride + 1 : stride]
            better = candidate > best
            best = np.where(better, candidate, best)
            who[better] = r * pool_width + s
    return best, dict(shape=x.shape, who=who, pool=(pool_height, pool_width), stride=stride)


def max_pool_backward(dout, cache):
    who, stride = cache["who"], cache["stride"]
    ph, pw = cache["pool"]
    ho, wo = dout.shape[2:]
    dx = np.zeros(cache["shape"], dtype=dout.dtype)
    for r in range(ph):
        for s in range(pw):
            won = who == r * pw + s
            dx[:, :, r : r + (ho - 1) * stride + 1 : stride, s : s + (wo - 1) * stride + 1 : stride] += won * dout
    return dx
