import numpy as np

from . import im2col, layers, losses, pool


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    pooled = filters * (height // 2) * (width // 2)
    shapes = {"1": (filters, channels, kernel, kernel), "2": (pooled, hidden), "3": (hidden, classes)}
    fans = {"1": channels * kernel * kernel, "2": pooled, "3": hidden}
    biases = {"1": filters, "2": hidden, "3": classes}
    params = {}
    for i in "123":
        params["w" + i] = rng.standard_normal(shapes[i]) * (2.0 / fans[i])
        params["b" + i] = np.zeros(biases[i])
    return params


def convnet_forward(x, params):
    cache = {}
    half = (params["w1"].shape[2] - 1) // 2
    h, cache["conv"] = im2col.conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=half)
    h, cache["relu1"] = layers.relu_forward(h)
    h, cache["pool"] = pool.max_pool_forward(h, pool_height=2, pool_width=2, stride=2)
    h, cache["fc1"] = layers.affine_forward(h, params["w2"], params["b2"])
    h, cache["relu2"] = layers.relu_forward(h)
    h, cache["fc2"] = layers.affine_forward(h, params["w3"], params["b3"])
    return h, cache


def convnet_loss(x, y, params, *, lam):
    scores, cache = convnet_forward(x, params)
    loss, d = losses.softmax_loss(scores, y)
    g = {}
    d, g["w3"], g["b3"] = layers.affine_backward(d, cache["fc2"])
    d = layers.relu_backward(d, cache["relu2"])
    d, g["w2"], g["b2"] = layers.affine_backward(d, cache["fc1"])
    d = pool.max_pool_backward(d, cache["pool"])
    d = layers.relu_backward(d, cache["relu1"])
    d, g["w1"], g["b1"] = im2col.conv_im2col_backward(d, cache["conv"])
    for k, w in params.items():
        if k.startswith("w"):
            loss = loss + 0.5 * lam * np.sum(w * w)
            g[k] = g[k] + lam * w
    return float(loss), g
