import numpy as np


def sgd_step(w, dw, state, *, lr):
    return w - lr * dw, state


def momentum_step(w, dw, state, *, lr, mu=0.9):
    config = {} if state is None else dict(state)
    buf = config.get("momentum_buffer")
    if buf is None:
        buf = dw.copy()
    else:
        buf = mu * buf + dw
    config["momentum_buffer"] = buf
    return w - lr * buf, config


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    config = {} if state is None else dict(state)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)

    config["t"] += 1
    config["m"] = config["m"] * beta1 + dw * (1 - beta1)
    config["v"] = config["v"] * beta2 + dw * dw * (1 - beta2)
    mt = config["m"] / (1 - beta1 ** config["t"])
    vt = config["v"] / (1 - beta2 ** config["t"])
    update = mt / (np.sqrt(vt) + eps)
    return w - lr * update - lr * weight_decay * w, config
