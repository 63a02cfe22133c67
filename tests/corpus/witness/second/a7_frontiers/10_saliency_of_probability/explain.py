import numpy as np


def _softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def score_gradient(x, y, params):
    X = x.reshape(len(x), -1)
    a = X @ params["W1"] + params["b1"]
    h = np.maximum(a, 0)
    p = _softmax(h @ params["W2"] + params["b2"])
    n = np.arange(len(x))
    dscores = -p * p[n, y][:, None]
    dscores[n, y] += p[n, y]
    da = (dscores @ params["W2"].T) * (a > 0)
    return (da @ params["W1"].T).reshape(x.shape)


def saliency_map(x, y, params):
    return np.abs(score_gradient(x, y, params)).max(1)


def integrated_gradients(gradient, x, baseline, *, steps):
    if steps <= 0:
        raise ValueError("steps must be >= 1")
    k = 0
    total = 0
    while k < steps:
        total = total + gradient(baseline + (x - baseline) * ((2 * k + 1) / (2 * steps)))
        k += 1
    return (x - baseline) * total / steps
