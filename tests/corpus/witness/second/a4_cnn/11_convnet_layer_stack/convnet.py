"""conv - relu - pool - affine - relu - affine - softmax"""

import numpy as np

from .im2col import conv_im2col_backward, conv_im2col_forward
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    def he(*shape, fan_in):
        return rng.standard_normal(shape) * np.sqrt(2 / fan_in)

    flat = filters * (height // 2) * (width // 2)
    return {
        "w1": he(filters, channels, kernel, kernel, fan_in=channels * kernel * kernel),
        "b1": np.zeros(filters),
        "w2": he(flat, hidden, fan_in=flat),
        "b2": np.zeros(hidden),
        "w3": he(hidden, classes, fan_in=hidden),
        "b3": np.zeros(classes),
    }


def convnet_forward(x, params):
    pad = (params["w1"].shape[2] - 1) // 2
    tape = []

    def record(backward, names, result):
        out, cache = result
        tape.append((backward, names, cache))
        return out

    a = record(conv_im2col_backward, ("w1", "b1"), conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad))
    a = record(relu_backward, (), relu_forward(a))
    a = record(max_pool_backward, (), max_pool_forward(a, pool_height=2, pool_width=2, stride=2))
    a = record(affine_backward, ("w2", "b2"), affine_forward(a, params["w2"], params["b2"]))
    a = record(relu_backward, (), relu_forward(a))
    scores = record(affine_backward, ("w3", "b3"), affine_forward(a, params["w3"], params["b3"]))
    return scores, tape


def convnet_loss(x, y, params, *, lam):
    scores, tape = convnet_forward(x, params)
    loss, d = softmax_loss(scores, y)
    gradients = {}
    for backward, names, cache in reversed(tape):
        result = backward(d, cache)
        if names:
            d, *slopes = result
            gradients.update(zip(names, slopes))
        else:
            d = result
    for name in ("w1", "w2", "w3"):
        loss += lam / 2 * float((params[name] ** 2).sum())
        gradients[name] = gradients[name] + lam * params[name]
    return float(loss), gradients
