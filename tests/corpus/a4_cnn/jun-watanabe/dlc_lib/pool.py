import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if pool_height > H or pool_width > W:
        raise ValueError("pooling window too large")
    Ho, Wo = 1 + (H - pool_height) // stride, 1 + (W - pool_width) // stride
    out = np.full((N, C, Ho, Wo), -np.inf, dtype=x.dtype)
    winner = np.zeros((N, C, Ho, Wo), dtype=int)
    # go through the places inside a window instead of through the windows
    for k in range(pool_height * pool_width):
        r, s = divmod(k, pool_width)
        candidate = x[:, :, r : r + stride * (Ho - 1) + 1 : stride, s : s + stride * (Wo - 1) + 1 : stride]
        better = candidate > out
        out = np.where(better, candidate, out)
        winner[better] = k
    return out, (x, winner, pool_width, stride)


def max_pool_backward(dout, cache):
    x, winner, pool_width, stride = cache
    dx = np.zeros_like(x)
    Ho, Wo = dout.shape[2:]
    for i in range(Ho):
        for j in range(Wo):
            r, s = np.divmod(winner[:, :, i, j], pool_width)
            n, c = np.ogrid[: x.shape[0], : x.shape[1]]
            dx[n, c, i * stride + r, j * stride + s] += dout[:, :, i, j]
    return dx
