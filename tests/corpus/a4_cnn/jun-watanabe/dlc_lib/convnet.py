import numpy as np

from . import im2col, layers, losses, pool


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    shapes = [
        (filters, channels, kernel, kernel),
        (filters * (height // 2) * (width // 2), hidden),
        (hidden, classes),
    ]
    fans = [channels * kernel * kernel, shapes[1][0], hidden]
    params = {}
    for k, (shape, fan) in enumerate(zip(shapes, fans), start=1):
        params[f"w{k}"] = rng.standard_normal(shape) * (2 / fan) ** 0.5
        params[f"b{k}"] = np.zeros(shape[0] if k == 1 else shape[1])
    return params


def convnet_forward(x, params):
    steps = []

    def run(value_and_cache):
        value, cache = value_and_cache
        steps.append(cache)
        return value

    pad = (params["w1"].shape[2] - 1) // 2
    a = run(im2col.conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad))
    a = run(layers.relu_forward(a))
    a = run(pool.max_pool_forward(a, pool_height=2, pool_width=2, stride=2))
    a = run(layers.affine_forward(a, params["w2"], params["b2"]))
    a = run(layers.relu_forward(a))
    a = run(layers.affine_forward(a, params["w3"], params["b3"]))
    return a, steps


def convnet_loss(x, y, params, *, lam):
    scores, steps = convnet_forward(x, params)
    loss, d = losses.softmax_loss(scores, y)
    grads = {}
    d, grads["w3"], grads["b3"] = layers.affine_backward(d, steps.pop())
    d = layers.relu_backward(d, steps.pop())
    d, grads["w2"], grads["b2"] = layers.affine_backward(d, steps.pop())
    d = pool.max_pool_backward(d, steps.pop())
    d = layers.relu_backward(d, steps.pop())
    _, grads["w1"], grads["b1"] = im2col.conv_im2col_backward(d, steps.pop())
    for name, value in params.items():
        if name.startswith("w"):
            loss += lam / 2 * float((value**2).sum())
            grads[name] = grads[name] + lam * value
    return loss, grads
