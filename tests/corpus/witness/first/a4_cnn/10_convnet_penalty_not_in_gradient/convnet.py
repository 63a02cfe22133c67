import numpy as np

from .im2col import conv_im2col_backward, conv_im2col_forward
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss
from .pool import max_pool_backward, max_pool_forward


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    p = {}
    D1 = channels * kernel**2
    p["w1"] = rng.normal(0.0, np.sqrt(2.0 / D1), (filters, channels, kernel, kernel))
    p["b1"] = np.zeros(filters)
    D2 = filters * (height // 2) * (width // 2)
    p["w2"] = rng.normal(0.0, np.sqrt(2.0 / D2), (D2, hidden))
    p["b2"] = np.zeros(hidden)
    p["w3"] = rng.normal(0.0, np.sqrt(2.0 / hidden), (hidden, classes))
    p["b3"] = np.zeros(classes)
    return p


def convnet_forward(x, params):
    w1 = params["w1"]
    c1, conv_cache = conv_im2col_forward(x, w1, params["b1"], stride=1, pad=w1.shape[-1] // 2)
    r1, relu1_cache = relu_forward(c1)
    p1, pool_cache = max_pool_forward(r1, pool_height=2, pool_width=2, stride=2)
    a1, fc1_cache = affine_forward(p1, params["w2"], params["b2"])
    r2, relu2_cache = relu_forward(a1)
    scores, fc2_cache = affine_forward(r2, params["w3"], params["b3"])
    return scores, (conv_cache, relu1_cache, pool_cache, fc1_cache, relu2_cache, fc2_cache)


def convnet_loss(x, y, params, *, lam):
    scores, cache = convnet_forward(x, params)
    conv_cache, relu1_cache, pool_cache, fc1_cache, relu2_cache, fc2_cache = cache
    data_loss, dscores = softmax_loss(scores, y)
    reg_loss = 0.5 * lam * sum(np.sum(params[k] * params[k]) for k in ["w1", "w2", "w3"])
    grads = {}
    dr2, grads["w3"], grads["b3"] = affine_backward(dscores, fc2_cache)
    da1 = relu_backward(dr2, relu2_cache)
    dp1, grads["w2"], grads["b2"] = affine_backward(da1, fc1_cache)
    dr1 = max_pool_backward(dp1, pool_cache)
    dc1 = relu_backward(dr1, relu1_cache)
    _, grads["w1"], grads["b1"] = conv_im2col_backward(dc1, conv_cache)
    return float(data_loss + reg_loss), grads
