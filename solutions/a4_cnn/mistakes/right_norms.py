"""Right batch normalizations and small networks, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_STEP_BY_STEP = """
def batchnorm_forward(x, gamma, beta, state, *, train=True, momentum=0.9, eps=1e-5):
    if not train:
        scaled = (x - state["running_mean"]) / np.sqrt(state["running_var"] + eps)
        return scaled * gamma + beta, None, state
    N = x.shape[0]
    mu = np.sum(x, axis=0, keepdims=True) / N
    xmu = x - mu
    var = np.sum(xmu**2, axis=0, keepdims=True) / N
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    moved = {key: np.array(value) for key, value in state.items()}
    moved["running_mean"] *= momentum
    moved["running_mean"] += (1 - momentum) * mu[0]
    moved["running_var"] *= momentum
    moved["running_var"] += (1 - momentum) * var[0]
    return gamma * (xmu * ivar) + beta, (xmu, ivar, sqrtvar, var, eps, gamma), moved


def batchnorm_backward(dout, cache):
    xmu, ivar, sqrtvar, var, eps, gamma = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xmu * ivar, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu = dxhat * ivar
    dvar = 0.5 / np.sqrt(var + eps) * (-divar / sqrtvar**2)
    dxmu += 2.0 * xmu * np.ones((N, D)) / N * dvar
    return dxmu - np.sum(dxmu, axis=0) / N, dgamma, dbeta
"""
_LOOPS_OVER_FEATURES = """
def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    out = np.empty(x.shape)
    mean, var = state["running_mean"].copy(), state["running_var"].copy()
    columns = []
    for d in range(x.shape[1]):
        if train:
            m, v = np.mean(x[:, d]), np.var(x[:, d])
            mean[d] = momentum * mean[d] + (1 - momentum) * m
            var[d] = momentum * var[d] + (1 - momentum) * v
        else:
            m, v = mean[d], var[d]
        x_hat = (x[:, d] - m) * (v + eps) ** -0.5
        columns.append((x_hat, gamma[d] * (v + eps) ** -0.5))
        out[:, d] = gamma[d] * x_hat + beta[d]
    return out, columns, {"running_mean": mean, "running_var": var}


def batchnorm_backward(dout, cache):
    N = len(dout)
    dx, dgamma = np.zeros(dout.shape), np.zeros(dout.shape[1])
    for d, (x_hat, factor) in enumerate(cache):
        project = np.eye(N) - 1 / N - np.outer(x_hat, x_hat) / N
        dx[:, d] = factor * project @ dout[:, d]
        dgamma[d] = x_hat @ dout[:, d]
    return dx, dgamma, dout.sum(0)
"""
_CENTRED = """
def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    mean = x.mean(0) if train else state["running_mean"]
    centred = x - mean
    var = np.mean(centred * centred, 0) if train else state["running_var"]
    share = 1 - momentum if train else 0
    moved = {
        "running_mean": state["running_mean"] + share * (mean - state["running_mean"]),
        "running_var": state["running_var"] + share * (var - state["running_var"]),
    }
    deviation = np.sqrt(var + eps)
    centred = centred / deviation
    return centred * gamma + beta, (centred, gamma, deviation), moved
"""
_OVER_AXES = """
def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    axes, shape = (0, 2, 3), (1, -1, 1, 1)
    mean = x.mean(axis=axes) if train else state["running_mean"]
    var = x.var(axis=axes) if train else state["running_var"]
    moved = dict(state)
    if train:
        moved["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean
        moved["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    scale = np.sqrt(var + eps).reshape(shape)
    x_hat = (x - mean.reshape(shape)) / scale
    return gamma.reshape(shape) * x_hat + beta.reshape(shape), (x_hat, gamma.reshape(shape), scale), moved


def spatial_batchnorm_backward(dout, cache):
    x_hat, gamma, scale = cache
    axes = (0, 2, 3)
    dbeta = dout.sum(axis=axes)
    dgamma = np.einsum("nchw,nchw->c", dout, x_hat)
    mean = dout.mean(axis=axes, keepdims=True)
    slope = (dout * x_hat).mean(axis=axes, keepdims=True)
    return gamma / scale * (dout - mean - x_hat * slope), dgamma, dbeta
"""
_MOVED_AXES = """
def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    last = np.moveaxis(x, 1, 3)
    out, cache, moved = batchnorm_forward(
        last.reshape(-1, x.shape[1]), gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return np.moveaxis(out.reshape(last.shape), 3, 1), (cache, last.shape), moved


def spatial_batchnorm_backward(dout, cache):
    inner, shape = cache
    dx, dgamma, dbeta = batchnorm_backward(np.moveaxis(dout, 1, 3).reshape(-1, shape[3]), inner)
    return np.moveaxis(dx.reshape(shape), 3, 1), dgamma, dbeta
"""
_CHANNELS_FIRST = """
def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    rows = x.swapaxes(0, 1).reshape(C, N * H * W)
    out, cache, moved = batchnorm_forward(
        rows.T, gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    return out.T.reshape(C, N, H, W).swapaxes(0, 1).copy(), cache, moved


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.swapaxes(0, 1).reshape(C, -1).T, cache)
    return dx.T.reshape(C, N, H, W).swapaxes(0, 1), dgamma, dbeta
"""
_INIT_BY_NORMAL = """
def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    flat = filters * (height // 2) * (width // 2)
    params = {"b1": np.zeros(filters), "b2": np.zeros(hidden), "b3": np.zeros(classes)}
    params["w3"] = rng.normal(0, np.sqrt(2.0 / hidden), size=(hidden, classes))
    params["w2"] = rng.normal(0, np.sqrt(2.0 / flat), size=(flat, hidden))
    deviation = np.sqrt(2.0 / (channels * kernel**2))
    params["w1"] = deviation * rng.standard_normal((filters, channels, kernel, kernel))
    return params
"""
_POOL_BEFORE_RELU = """
def convnet_forward(x, params):
    pad = params["w1"].shape[-1] // 2
    a, conv = conv_im2col_forward(x, params["w1"], params["b1"], stride=1, pad=pad)
    p, pool = max_pool_forward(a, pool_height=2, pool_width=2, stride=2)
    h1 = np.maximum(p, 0)
    flat = h1.reshape(len(x), -1)
    h2 = np.maximum(flat @ params["w2"] + params["b2"], 0)
    return h2 @ params["w3"] + params["b3"], {"conv": conv, "pool": pool, "h1": h1, "h2": h2}


def convnet_loss(x, y, params, *, lam=0.0):
    scores, kept = convnet_forward(x, params)
    loss, dscores = softmax_loss(scores, y)
    loss += lam / 2 * sum((params[name] ** 2).sum() for name in params if name.startswith("w"))
    h1, h2 = kept["h1"], kept["h2"]
    grads = {"w3": h2.T @ dscores + lam * params["w3"], "b3": dscores.sum(0)}
    dh2 = dscores @ params["w3"].T
    dh2[h2 == 0] = 0
    grads["w2"] = h1.reshape(len(x), -1).T @ dh2 + lam * params["w2"]
    grads["b2"] = dh2.sum(0)
    dh1 = (dh2 @ params["w2"].T).reshape(h1.shape)
    dh1[h1 == 0] = 0
    _, dw1, grads["b1"] = conv_im2col_backward(max_pool_backward(dh1, kept["pool"]), kept["conv"])
    grads["w1"] = dw1 + lam * params["w1"]
    return loss, grads
"""
_PENALTY_FIRST = """
def convnet_loss(x, y, params, *, lam):
    decay = {name: lam if value.ndim > 1 else 0.0 for name, value in params.items()}
    gradients = {name: decay[name] * params[name] for name in params}
    penalty = 0.5 * lam * sum(float((value**2).sum()) for value in params.values() if value.ndim > 1)
    scores, (conv, relu1, pool, affine1, relu2, affine2) = convnet_forward(x, params)
    data_loss, upstream = softmax_loss(scores, y)
    for layer, kept, relu in (("3", affine2, relu2), ("2", affine1, None)):
        upstream, dw, db = affine_backward(upstream, kept)
        gradients["w" + layer] += dw
        gradients["b" + layer] += db
        upstream = upstream if relu is None else relu_backward(upstream, relu)
    upstream = relu_backward(max_pool_backward(upstream, pool), relu1)
    dw, db = conv_im2col_backward(upstream, conv)[1:]
    gradients["w1"] += dw
    gradients["b1"] += db
    return np.float64(data_loss + penalty), gradients
"""

RIGHT = (
    Variant("batchnorm-step-by-step", "batchnorm", "norm", _STEP_BY_STEP),
    Variant("batchnorm-loops-over-features", "batchnorm", "norm", _LOOPS_OVER_FEATURES),
    Variant("batchnorm-centred-once", "batchnorm", "norm", _CENTRED),
    Variant("spatial-statistics-over-axes", "spatial_batchnorm", "norm", _OVER_AXES),
    Variant("spatial-moved-axes", "spatial_batchnorm", "norm", _MOVED_AXES),
    Variant("spatial-channels-first", "spatial_batchnorm", "norm", _CHANNELS_FIRST),
    Variant("convnet-init-by-normal", "convnet", "convnet", _INIT_BY_NORMAL),
    Variant("convnet-pool-before-relu", "convnet", "convnet", _POOL_BEFORE_RELU),
    Variant("convnet-penalty-first", "convnet", "convnet", _PENALTY_FIRST),
)
