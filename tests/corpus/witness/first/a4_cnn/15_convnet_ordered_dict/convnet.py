from __future__ import annotations

from collections import OrderedDict
from functools import reduce

import numpy as np

from .im2col import conv_im2col_backward, conv_im2col_forward
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward

WEIGHTS = ("w1", "w2", "w3")


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    pooled = filters * (height // 2) * (width // 2)
    plan = [
        ("1", (filters, channels, kernel, kernel), channels * kernel**2, filters),
        ("2", (pooled, hidden), pooled, hidden),
        ("3", (hidden, classes), hidden, classes),
    ]
    params = OrderedDict()
    for layer, shape, fan_in, biases in plan:
        params["w" + layer] = rng.normal(0, (2 / fan_in) ** 0.5, shape)
        params["b" + layer] = np.zeros(biases)
    return params


def _layers(params):
    """(forward, backward, names of the parameters) from the image to the scores."""
    pad = params["w1"].shape[2] // 2
    yield (lambda x: conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad)), conv_im2col_backward, ("w1", "b1")
    yield relu_forward, relu_backward, ()
    yield (lambda x: max_pool_forward(x, pool_height=2, pool_width=2, stride=2)), max_pool_backward, ()
    yield (lambda x: affine_forward(x, params["w2"], params["b2"])), affine_backward, ("w2", "b2")
    yield relu_forward, relu_backward, ()
    yield (lambda x: affine_forward(x, params["w3"], params["b3"])), affine_backward, ("w3", "b3")


def convnet_forward(x, params):
    tape = []

    def through(value, layer):
        forward, backward, names = layer
        value, cache = forward(value)
        tape.insert(0, (backward, cache, names))
        return value

    return reduce(through, _layers(params), x), tape


def convnet_loss(x, y, params, *, lam):
    scores, tape = convnet_forward(x, params)
    loss, upstream = softmax_loss(scores, y)
    gradients = OrderedDict.fromkeys(params)
    for backward, cache, names in tape:
        result = backward(upstream, cache)
        upstream, *own = result if isinstance(result, tuple) else (result,)
        for name, gradient in zip(names, own):
            gradients[name] = gradient + lam * params[name] if name in WEIGHTS else gradient
    loss += lam / 2 * sum(np.sum(params[name] ** 2) for name in WEIGHTS)
    return loss, gradients
