import numpy as np


def score_gradient(x, y, params):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = x.shape[0]
    X = x.reshape(N, -1)
    a = X @ W1 + b1
    dscores = np.zeros((N, W2.shape[1]), dtype=x.dtype)
    dscores[np.arange(N), y] = 1
    dh = dscores @ W2.T
    da = dh * (a > 0)
    dX = da @ W1.T
    return dX.reshape(x.shape)


def saliency_map(x, y, params):
    g = score_gradient(x, y, params)
    return abs(g.max(axis=1))


def integrated_gradients(gradient, x, baseline, *, steps):
    if steps < 1:
        raise ValueError("steps < 1")
    avg = np.zeros_like(x)
    for k in range(steps):
        point = baseline + (k + 0.5) / steps * (x - baseline)
        avg += gradient(point) / steps
    return (x - baseline) * avg
