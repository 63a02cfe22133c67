import numpy as np


def _rows(x):
    return x.reshape(x.shape[0], -1)


def affine_forward(x, w, b):
    out = _rows(x) @ w
    out += b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dX = dout @ w.transpose()
    dw = _rows(x).transpose() @ dout
    db = dout.sum(0)
    return dX.reshape(x.shape), dw, db


def relu_forward(x):
    out = np.array(x)
    out[out < 0] = 0
    return out, out


def relu_backward(dout, cache):
    dout[cache <= 0] = 0
    return dout
