import numpy as np

from dlc_lib.im2col import conv_im2col_backward, conv_im2col_forward
from dlc_lib.layers import affine_backward, affine_forward, relu_backward, relu_forward
from dlc_lib.losses import softmax_loss
from dlc_lib.pool import max_pool_backward, max_pool_forward


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    def he(*shape, fan_in):
        return rng.standard_normal(shape) * np.sqrt(2.0 / fan_in)

    flat = filters * (height // 2) * (width // 2)
    return dict(
        w1=he(filters, channels, kernel, kernel, fan_in=channels * kernel**2),
        b1=np.zeros(filters),
        w2=he(flat, hidden, fan_in=flat),
        b2=np.zeros(hidden),
        w3=he(hidden, classes, fan_in=hidden),
        b3=np.zeros(classes),
    )


def convnet_forward(x, params):
    caches = {}
    pad = params["w1"].shape[2] // 2
    h, caches["conv"] = conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad)
    h, caches["relu1"] = relu_forward(h)
    h, caches["pool"] = max_pool_forward(h, pool_height=2, pool_width=2, stride=2)
    h, caches["fc1"] = affine_forward(h, params["w2"], params["b2"])
    h, caches["relu2"] = relu_forward(h)
    h, caches["fc2"] = affine_forward(h, params["w3"], params["b3"])
    return h, caches


def convnet_loss(x, y, params, *, lam):
    scores, caches = convnet_forward(x, params)
    loss, g = softmax_loss(scores, y)
    g, dw3, db3 = affine_backward(g, caches["fc2"])
    g = relu_backward(g, caches["relu2"])
    g, dw2, db2 = affine_backward(g, caches["fc1"])
    g = max_pool_backward(g, caches["pool"])
    g = relu_backward(g, caches["relu1"])
    _, dw1, db1 = conv_im2col_backward(g, caches["conv"])
    for w in (params["w1"], params["w2"], params["w3"]):
        loss += 0.5 * lam * (w * w).sum()
    grads = dict(
        w1=dw1 + lam * params["w1"],
        w2=dw2 + lam * params["w2"],
        w3=dw3 + lam * params["w3"],
        b1=db1,
        b2=db2,
        b3=db3,
    )
    return float(loss), grads
