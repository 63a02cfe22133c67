import numpy as np


class Named(np.ndarray):
    """An array that knows what it is called; handy in the debugger."""

    def __new__(cls, values, name=""):
        array = np.asarray(values).view(cls)
        array.name = name
        return array

    def __array_finalize__(self, other):
        self.name = getattr(other, "name", "")


def affine_forward(x, w, b):
    X = x.reshape(len(x), -1)
    return Named(X @ w + b, "affine out"), (x, w)


def affine_backward(dout, cache):
    x, w = cache
    X = x.reshape(len(x), -1)
    dx = Named((dout @ w.T).reshape(x.shape), "dx")
    dw = Named(X.T @ dout, "dw")
    db = Named(dout.sum(axis=0), "db")
    return dx, dw, db


def relu_forward(x):
    return Named(np.maximum(x, 0), "relu out"), x


def relu_backward(dout, cache):
    return Named(np.where(cache > 0, dout, 0), "dx")
