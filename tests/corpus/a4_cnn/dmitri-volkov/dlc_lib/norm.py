# Dmitri V.
from numpy import sqrt, stack


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    r = momentum
    m, v = (x.mean(axis=0), x.var(axis=0)) if train else (state["running_mean"], state["running_var"])
    new = {
        "running_mean": r * state["running_mean"] + (1 - r) * m if train else state["running_mean"],
        "running_var": r * state["running_var"] + (1 - r) * v if train else state["running_var"],
    }
    s = sqrt(v + eps)
    h = (x - m) / s
    return h * gamma + beta, (h, s, gamma), new


def batchnorm_backward(dout, cache):
    h, s, gamma = cache
    N = len(h)
    db, dg = sum(dout), sum(dout * h)
    # every row of dx by the formula from the exercise class
    dx = stack([gamma / s * (dout[n] - db / N - h[n] * dg / N) for n in range(N)])
    return dx, dg, db


# images: (N, C, H, W) -> rows of C numbers, then it is the same as above
def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    rows = x.reshape(x.size // x.shape[1], x.shape[1])
    out, cache, new = batchnorm_forward(rows, gamma, beta, state, train=train, momentum=momentum, eps=eps)
    return out.reshape(x.shape), cache, new


def spatial_batchnorm_backward(dout, cache):
    rows = dout.reshape(dout.size // dout.shape[1], dout.shape[1])
    dx, dg, db = batchnorm_backward(rows, cache)
    return dx.reshape(dout.shape), dg, db
