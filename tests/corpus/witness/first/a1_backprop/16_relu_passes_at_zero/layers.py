import numpy as np

SLOPE = 0.0  # would be 0.01 for a leaky unit


def affine_forward(x, w, b):
    batch = x.shape[0]
    out = np.dot(x.reshape(batch, -1), w)
    return out + np.broadcast_to(b, out.shape), [x.shape, x.reshape(batch, -1), w]


def affine_backward(dout, cache):
    shape, flat, w = cache
    return np.dot(dout, w.T).reshape(shape), np.dot(flat.T, dout), np.einsum("ij->j", dout)


def relu_forward(x):
    return np.where(x >= 0, x, SLOPE * x).astype(x.dtype), x


def relu_backward(dout, cache):
    return np.where(cache >= 0, dout, SLOPE * dout).astype(dout.dtype)
