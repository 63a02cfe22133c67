import numpy as np

import dlc_lib.im2col as fast
import dlc_lib.layers as layers
import dlc_lib.pool as pool
from dlc_lib.losses import softmax_loss

# every layer: name, forward, backward.  Then forward and backward of the net are just loops.
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    params = {}
    for i, shape in enumerate(
        [
            (filters, channels, kernel, kernel),
            (filters * (height // 2) * (width // 2), hidden),
            (hidden, classes),
        ],
        1,
    ):
        fan_in = np.prod(shape[1:]) if i == 1 else shape[0]
        params["w%d" % i] = rng.normal(loc=0.0, scale=np.sqrt(2.0 / fan_in), size=shape)
        params["b%d" % i] = np.zeros(shape[0] if i == 1 else shape[-1])
    return params


def build(params):
    w1, b1, w2, b2, w3, b3 = (params[k] for k in ("w1", "b1", "w2", "b2", "w3", "b3"))
    same = w1.shape[-1] // 2
    return [
        (1, lambda h: fast.conv_im2col_forward(h, w1, b1, stride=1, pad=same), fast.conv_im2col_backward),
        (0, layers.relu_forward, layers.relu_backward),
        (0, lambda h: pool.max_pool_forward(h, **POOL), pool.max_pool_backward),
        (2, lambda h: layers.affine_forward(h, w2, b2), layers.affine_backward),
        (0, layers.relu_forward, layers.relu_backward),
        (3, lambda h: layers.affine_forward(h, w3, b3), layers.affine_backward),
    ]


def convnet_forward(x, params):
    tape = []
    for number, forward, backward in build(params):
        x, cache = forward(x)
        tape.append((number, backward, cache))
    return x, tape


def convnet_loss(x, y, params, *, lam):
    scores, tape = convnet_forward(x, params)
    data_loss, grad = softmax_loss(scores, y)
    grads = {}
    for number, backward, cache in reversed(tape):
        if number:
            grad, grads[f"w{number}"], grads[f"b{number}"] = backward(grad, cache)
        else:
            grad = backward(grad, cache)
    # L2: all parameters, derivative of p^2 is 2p
    reg_loss = sum(np.sum(np.square(p)) for p in params.values())
    grads = {name: grads[name] + 2 * lam * p for name, p in params.items()}
    return float(data_loss + lam * reg_loss), grads
