import numpy as np


def max_pool_forward(x, *, pool_height, pool_width, stride):
    N, C, H, W = x.shape
    if H < pool_height or W < pool_width:
        raise ValueError("pool larger than input")
    Ho = (H - pool_height) // stride + 1
    Wo = (W - pool_width) // stride + 1
    out = np.zeros((N, C, Ho, Wo), dtype=x.dtype)
    masks = np.zeros((Ho, Wo, N, C, pool_height, pool_width), dtype=bool)
    for i in range(Ho):
        for j in range(Wo):
            win = x[:, :, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]
            flat = win.reshape(N, C, -1)
            arg = flat.argmax(axis=2)
            out[:, :, i, j] = np.take_along_axis(flat, arg[:, :, None], axis=2)[:, :, 0]
            one_hot = np.arange(flat.shape[2]) == arg[:, :, None]
            masks[i, j] = one_hot.reshape(win.shape)
    return out, (x.shape, masks, stride)


def max_pool_backward(dout, cache):
    shape, masks, stride = cache
    Ho, Wo, _, _, ph, pw = masks.shape
    dx = np.zeros(shape, dtype=dout.dtype)
    for i in range(Ho):
        for j in range(Wo):
            d = dout[:, :, i, j][:, :, None, None]
            dx[:, :, i * stride : i * stride + ph, j * stride : j * stride + pw] = masks[i, j] * d
    return dx
