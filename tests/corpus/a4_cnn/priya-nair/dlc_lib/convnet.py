"""A small convolutional network for images: conv, relu, pool, affine, relu, affine, softmax."""

import numpy as np

from .im2col import conv_im2col_backward, conv_im2col_forward
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    D = filters * (height // 2) * (width // 2)
    p = {}
    p["w1"] = rng.normal(0, np.sqrt(2 / (channels * kernel * kernel)), (filters, channels, kernel, kernel))
    p["b1"] = np.zeros(filters)
    p["w2"] = rng.normal(0, np.sqrt(2 / D), (D, hidden))
    p["b2"] = np.zeros(hidden)
    p["w3"] = rng.normal(0, np.sqrt(2 / hidden), (hidden, classes))
    p["b3"] = np.zeros(classes)
    return p


def convnet_forward(x, params):
    k = params["w1"].shape[-1]
    a1, c1 = conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=(k - 1) // 2)
    a2, c2 = relu_forward(a1)
    a3, c3 = max_pool_forward(a2, pool_height=2, pool_width=2, stride=2)
    a4, c4 = affine_forward(a3, params["w2"], params["b2"])
    a5, c5 = relu_forward(a4)
    scores, c6 = affine_forward(a5, params["w3"], params["b3"])
    return scores, (c1, c2, c3, c4, c5, c6)


def convnet_loss(x, y, params, *, lam):
    scores, (c1, c2, c3, c4, c5, c6) = convnet_forward(x, params)
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads["w3"], grads["b3"] = affine_backward(d, c6)
    d = relu_backward(d, c5)
    d, grads["w2"], grads["b2"] = affine_backward(d, c4)
    d = max_pool_backward(d, c3)
    d = relu_backward(d, c2)
    d, grads["w1"], grads["b1"] = conv_im2col_backward(d, c1)
    for k in params:
        loss = loss + lam * np.sum(params[k] ** 2)
        grads[k] = grads[k] + 2 * lam * params[k]
    return loss, grads
