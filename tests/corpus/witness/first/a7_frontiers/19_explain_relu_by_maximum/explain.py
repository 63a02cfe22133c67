import numpy as np


def score_gradient(x, y, params):
    n = len(x)
    a = np.matmul(x.reshape(n, -1), params["W1"]) + params["b1"]
    da = np.where(a > 0, params["W2"].T[np.asarray(y)], 0)
    dx = np.matmul(da, params["W1"].T)
    return dx.astype(x.dtype).reshape(x.shape)


def saliency_map(x, y, params):
    magnitude = np.fabs(score_gradient(x, y, params))
    best = magnitude[:, 0].copy()
    for c in range(1, magnitude.shape[1]):
        np.maximum(best, magnitude[:, c], out=best)
    return best


def integrated_gradients(gradient, x, baseline, *, steps):
    if steps < 1:
        raise ValueError("steps has to be 1 or more, but is {}".format(steps))

    def at(k):
        alpha = (k + 0.5) / steps
        return gradient(alpha * x + (1 - alpha) * baseline)

    mean_gradient = np.mean([at(k) for k in range(steps)], axis=0)
    return (x - baseline) * mean_gradient
