import logging

import numpy as np

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger("norm")


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    log.debug("batchnorm_forward train=%s momentum=%s eps=%s", train, momentum, eps)
    use = dict(state)
    if train:
        batch = {"running_mean": np.average(x, axis=0), "running_var": np.var(x, axis=0)}
        print("batch statistics", batch)
        use = batch
        state = {k: momentum * state[k] + (1 - momentum) * batch[k] for k in batch}
    root = np.sqrt(use["running_var"] + eps)
    print("root", root, "min", root.min())
    x_hat = (x - use["running_mean"]) / root
    return gamma * x_hat + beta, {"x_hat": x_hat, "root": root, "gamma": gamma}, dict(state)


def batchnorm_backward(dout, cache):
    x_hat, root = cache["x_hat"], cache["root"]
    dx_hat = dout * cache["gamma"]
    log.warning("norm of dout %s", np.linalg.norm(dout))
    # part through the mean and part through the variance are what you project away
    through_mean = np.mean(dx_hat, axis=0)
    through_var = x_hat * np.mean(dx_hat * x_hat, axis=0)
    dx = (dx_hat - through_mean - through_var) / root
    print("should be 0:", dx.sum(axis=0))
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    print("spatial", x.shape)
    C = x.shape[1]
    turned = np.stack([x[:, c].ravel() for c in range(C)], axis=1)
    out, cache, state = batchnorm_forward(turned, gamma, beta, state, train=train, momentum=momentum, eps=eps)
    N, _, H, W = x.shape
    return np.stack([out[:, c].reshape(N, H, W) for c in range(C)], axis=1), cache, state


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    turned = np.stack([dout[:, c].ravel() for c in range(C)], axis=1)
    dx, dgamma, dbeta = batchnorm_backward(turned, cache)
    return np.stack([dx[:, c].reshape(N, H, W) for c in range(C)], axis=1), dgamma, dbeta
