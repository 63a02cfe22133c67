import numpy as np


def score_gradient(x, y, params):
    n_images = x.shape[0]
    z = x.reshape(n_images, -1).dot(params["W1"]) + params["b1"]
    upstream = params["W2"][:, y].T.copy()
    upstream[z <= 0] = 0
    return upstream.dot(params["W1"].T).reshape(x.shape)


def saliency_map(x, y, params):
    slopes = score_gradient(x, y, params)
    result = np.zeros((x.shape[0], x.shape[2], x.shape[3]), dtype=x.dtype)
    for channel in range(x.shape[1]):
        result = np.maximum(result, np.abs(slopes[:, channel]))
    return result


def integrated_gradients(gradient, x, baseline, *, steps):
    if steps < 1:
        raise ValueError
    accumulated = np.zeros_like(x)
    for k in range(steps):
        share = (k + 0.5) / steps
        accumulated += gradient((1 - share) * baseline + share * x)
    return x * accumulated / steps
