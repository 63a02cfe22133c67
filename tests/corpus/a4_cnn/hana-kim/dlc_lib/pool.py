import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    batch, ch, h, wid = x.shape
    if h < pool_height or wid < pool_width:
        raise ValueError("pool window too big")
    oh, ow = (h - pool_height) // stride + 1, (wid - pool_width) // stride + 1
    result = np.zeros((batch, ch, oh, ow), dtype=x.dtype)
    best = np.zeros((batch, ch, oh, ow, 2), dtype=int)
    for b in range(batch):
        for c in range(ch):
            for row in range(oh):
                for col in range(ow):
                    biggest = 0.0
                    for p in range(pool_height):
                        for q in range(pool_width):
                            pixel = x[b, c, row * stride + p, col * stride + q]
                            if pixel > biggest:
                                biggest = pixel
                                best[b, c, row, col] = row * stride + p, col * stride + q
                    result[b, c, row, col] = biggest
    return result, (x.shape, x.dtype, best)


def max_pool_backward(dout, cache):
    shape, kind, best = cache
    grad = np.zeros(shape, dtype=kind)
    for b, c, row, col in np.ndindex(dout.shape):
        p, q = best[b, c, row, col]
        grad[b, c, p, q] += dout[b, c, row, col]
    return grad
