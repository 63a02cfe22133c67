# Homework 4, Pavel Horak
# I had trouble with the folders so everything is in this one file, hope that is ok
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from dlc_lib.layers import affine_forward, affine_backward, relu_forward, relu_backward
from dlc_lib.losses import softmax_loss


#### Task 1
def conv_forward(x, w, b, *, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("filter is bigger than the image")
    oh = 1 + (H + 2 * pad - HH) // stride
    ow = 1 + (W + 2 * pad - WW) // stride
    P = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, oh, ow), dtype=x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    # cut out the window that belongs to output pixel (i, j)
                    hs = i * stride
                    ws = j * stride
                    window = P[n, :, hs : hs + HH, ws : ws + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    N, F, oh, ow = dout.shape
    _, _, HH, WW = w.shape
    P = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP = np.zeros_like(P)
    dw = np.zeros_like(w)
    db = np.zeros(F, dtype=w.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    g = dout[n, f, i, j]
                    hs, ws = i * stride, j * stride
                    db[f] += g
                    dw[f] += g * P[n, :, hs : hs + HH, ws : ws + WW]
                    dP[n, :, hs : hs + HH, ws : ws + WW] += g * w[f]
    # pad:-pad breaks for pad = 0 so use the real size
    H, W = x.shape[2], x.shape[3]
    dx = dP[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db


#### Task 2
def max_pool_forward(x, *, pool_height, pool_width, stride):
    if pool_height > x.shape[2] or pool_width > x.shape[3]:
        raise ValueError("window does not fit")
    win = sliding_window_view(x, (pool_height, pool_width), axis=(2, 3))[:, :, ::stride, ::stride]
    ff = win.reshape(*win.shape[:4], -1)
    idx = ff.argmax(-1)
    out = np.take_along_axis(ff, idx[..., None], -1)[..., 0]
    return out, (x.shape, x.dtype, idx, pool_width, stride)


def max_pool_backward(dout, cache):
    shape, dtype, idx, pw, stride = cache
    dx = np.zeros(shape, dtype=dtype)
    N, C, Ho, Wo = dout.shape
    n, c, i, j = np.indices(dout.shape)
    np.add.at(dx, (n, c, i * stride + idx // pw, j * stride + idx % pw), dout)
    return dx


#### Task 3 + 4
def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, D = x.shape
    if train:
        mean_ = np.zeros(D, dtype=x.dtype)
        for n in range(N):
            mean_ = mean_ + x[n]
        mean_ = mean_ / N
        var = np.zeros(D, dtype=x.dtype)
        for n in range(N):
            var = var + (x[n] - mean_) ** 2
        var = var / N
        new_state = {}
        new_state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean_
        new_state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        mean_ = state["running_mean"]
        var = state["running_var"]
        new_state = {"running_mean": mean_.copy(), "running_var": var.copy()}
    std = np.sqrt(var + eps)
    xn = np.zeros_like(x)
    for n in range(N):
        xn[n] = (x[n] - mean_) / std
    out = gamma * xn + beta
    cache = (x, mean_, std, xn, gamma)
    return out, cache, new_state


def batchnorm_backward(dout, cache):
    x, mean_, std, xn, gamma = cache
    N = x.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xn, axis=0)
    dxn = dout * gamma
    # three ways from x to the output, see my notes from the lecture
    dvar = np.sum(dxn * (x - mean_), axis=0) * (-0.5) / std**3
    dmean_ = -np.sum(dxn, axis=0) / std + dvar * np.sum(-2 * (x - mean_), axis=0) / N
    dx = dxn / std + dvar * 2 * (x - mean_) / N + dmean_ / N
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = x.shape
    out = np.zeros_like(x)
    caches = []
    new_state = {"running_mean": np.zeros(C), "running_var": np.zeros(C)}
    for c in range(C):
        one = {k: v[c : c + 1] for k, v in state.items()}
        col = x[:, c].reshape(-1, 1)
        o, cache, s = batchnorm_forward(
            col, gamma[c : c + 1], beta[c : c + 1], one, train=train, momentum=momentum, eps=eps
        )
        out[:, c] = o.reshape(N, H, W)
        caches.append(cache)
        for k in new_state:
            new_state[k][c] = s[k][0]
    return out, caches, new_state


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx = np.zeros_like(dout)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c in range(C):
        d, dg, db = batchnorm_backward(dout[:, c].reshape(-1, 1), cache[c])
        dx[:, c] = d.reshape(N, H, W)
        dgamma[c], dbeta[c] = dg[0], db[0]
    return dx, dgamma, dbeta


#### Task 5
def im2col(x, *, kernel_height, kernel_width, stride, pad):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    if kernel_height > xp.shape[2] or kernel_width > xp.shape[3]:
        raise ValueError("window does not fit")
    w_ = sliding_window_view(xp, (kernel_height, kernel_width), axis=(2, 3))[:, :, ::stride, ::stride]
    N, C, Ho, Wo, HH, WW = w_.shape
    return w_.transpose(0, 2, 3, 1, 4, 5).reshape(N * Ho * Wo, C * HH * WW)


def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    Ho = 1 + (H + 2 * pad - kernel_height) // stride
    Wo = 1 + (W + 2 * pad - kernel_width) // stride
    w_ = cols.reshape(N, Ho, Wo, C, kernel_height, kernel_width).transpose(0, 3, 1, 2, 4, 5)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for r in range(kernel_height):
        for s in range(kernel_width):
            xp[:, :, r : r + stride * Ho : stride, s : s + stride * Wo : stride] += w_[..., r, s]
    return xp[:, :, pad : pad + H, pad : pad + W]


def conv_im2col_forward(x, w, b, *, stride, pad):
    F, C, HH, WW = w.shape
    N, _, H, W = x.shape
    cols = im2col(x, kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    out = (cols @ w.reshape(F, -1).T + b).reshape(
        N, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride, F
    )
    return np.moveaxis(out, -1, 1), (x, w, stride, pad)


def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    F, C, HH, WW = w.shape
    kw = dict(kernel_height=HH, kernel_width=WW, stride=stride, pad=pad)
    d = np.moveaxis(dout, 1, -1).reshape(-1, F)
    dw = (d.T @ im2col(x, **kw)).reshape(w.shape)
    return col2im(d @ w.reshape(F, -1), x.shape, **kw), dw, d.sum(0)


#### Task 6
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
    for k in ["w1", "w2", "w3"]:
        loss = loss + lam / 2 * np.sum(params[k] ** 2)
        grads[k] = grads[k] + lam * params[k]
    return loss, grads


if __name__ == "__main__":
    # quick check, seems fine
    x = np.random.randn(2, 3, 5, 5)
    out, _ = conv_forward(x, np.random.randn(4, 3, 3, 3), np.zeros(4), stride=1, pad=1)
    print(out.shape)
