from collections import OrderedDict

import numpy as np


def ema(beta):
    """exponential moving average: old, new -> average"""
    return lambda old, new: beta * old + (1 - beta) * new


def debias(beta, t):
    return lambda average: average / (1 - beta**t)


def sgd_step(w, dw, state, *, lr):
    return np.subtract(w, np.multiply(lr, dw, dtype=w.dtype)), state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    v = -lr * dw if state is None else mu * state["v"] - lr * dw
    return w + v, OrderedDict(v=v)


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    old = state or OrderedDict(t=0, m=0.0 * w, v=0.0 * w)
    new = OrderedDict()
    new["t"] = old["t"] + 1
    new["m"] = ema(beta1)(old["m"], dw)
    new["v"] = ema(beta2)(old["v"], dw * dw)
    m, v = debias(beta1, new["t"])(new["m"]), debias(beta2, new["t"])(new["v"])
    decayed = w * (1 - lr * weight_decay)
    return decayed - lr * m / (np.sqrt(v) + eps), new
