from __future__ import annotations

import logging
import math

import numpy as np

from .im2col import conv_im2col_backward, conv_im2col_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward

log = logging.getLogger(__name__)


class ConvNet:
    def __init__(self, params):
        self.p = params

    def forward(self, x):
        p = self.p
        pad = p["w1"].shape[-1] // 2
        self.z1, self.conv = conv_im2col_forward(x, p["w1"], p["b1"], stride=1, pad=pad)
        pooled, self.pool = max_pool_forward(np.maximum(self.z1, 0), pool_height=2, pool_width=2, stride=2)
        self.pooled_shape = pooled.shape
        self.flat = pooled.reshape(len(x), -1)
        self.z2 = self.flat @ p["w2"] + p["b2"]
        self.h2 = np.maximum(self.z2, 0)
        log.debug("hidden units active: %.2f", float(np.mean(self.z2 > 0)))
        return self.h2 @ p["w3"] + p["b3"]

    def backward(self, d):
        p = self.p
        grads = {"w3": self.h2.T @ d, "b3": d.sum(0)}
        d = (d @ p["w3"].T) * (self.z2 > 0)
        grads |= {"w2": self.flat.T @ d, "b2": d.sum(0)}
        d = (d @ p["w2"].T).reshape(self.pooled_shape)
        d = max_pool_backward(d, self.pool) * (self.z1 > 0)
        _, grads["w1"], grads["b1"] = conv_im2col_backward(d, self.conv)
        return grads


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    flat = filters * (height // 2) * (width // 2)
    shapes = [(filters, channels, kernel, kernel), (flat, hidden), (hidden, classes)]
    params = {}
    for i, shape in enumerate(shapes, start=1):
        fan_in = math.prod(shape[1:]) if len(shape) == 4 else shape[0]
        outputs = shape[0] if len(shape) == 4 else shape[1]
        params[f"w{i}"] = rng.normal(scale=math.sqrt(2 / fan_in), size=shape)
        params[f"b{i}"] = np.zeros(outputs)
    return params


def convnet_forward(x, params):
    net = ConvNet(params)
    return net.forward(x), net


def convnet_loss(x, y, params, *, lam):
    scores, net = convnet_forward(x, params)
    loss, d = softmax_loss(scores, y)
    grads = net.backward(d)
    penalty = 0.0
    for i in (1, 2, 3):
        w = params[f"w{i}"]
        penalty += float(np.vdot(w, w))
        grads[f"w{i}"] = grads[f"w{i}"] + lam * w
    return loss + lam / 2 * penalty, grads
