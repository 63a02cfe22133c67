from collections import OrderedDict

import numpy as np


def affine_forward(x, w, b):
    cache = OrderedDict(x=x, w=w, b=b)
    matrix = x.reshape(x.shape[0], w.shape[0])
    return matrix @ w + b, cache


def affine_backward(dout, cache):
    x, w, b = cache.values()
    matrix = x.reshape(x.shape[0], w.shape[0])
    gradients = OrderedDict()
    gradients["x"] = (w @ dout.T).T.reshape(x.shape)
    gradients["w"] = (dout.T @ matrix).T
    gradients["b"] = np.sum(dout, axis=0).reshape(b.shape)
    return tuple(gradients.values())


def relu_forward(x):
    cache = OrderedDict(positive=np.greater(x, 0))
    return np.multiply(x, cache["positive"]), cache


def relu_backward(dout, cache):
    return np.multiply(dout, cache["positive"])
