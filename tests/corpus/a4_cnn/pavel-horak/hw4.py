# Homework 4, Pavel Horák
# I had trouble with the folders so everything is in this one file, hope that is ok
import numpy as np
from dlc_lib.layers import affine_forward, affine_backward, relu_forward, relu_backward
from dlc_lib.losses import softmax_loss


def sizes(H, W, kh, kw, stride, pad=0):
    if kh > H + 2*pad or kw > W + 2*pad: raise ValueError("okno se nevejde (does not fit)")
    return (H + 2*pad - kh)//stride + 1, (W + 2*pad - kw)//stride + 1

def slice_of(i, j, kh, kw, stride):
    return (slice(None), slice(None), slice(i*stride, i*stride + kh), slice(j*stride, j*stride + kw))

def frame(x, pad):
    N, C, H, W = x.shape
    big = np.zeros((N, C, H + 2*pad, W + 2*pad), x.dtype); big[:, :, pad:pad + H, pad:pad + W] = x
    return big


#### Task 1
def conv_forward(x, w, b, *, stride, pad):
    Ho, Wo = sizes(*x.shape[2:], *w.shape[2:], stride, pad)
    big = frame(x, pad)
    out = np.zeros((len(x), len(w), Ho, Wo), x.dtype)
    for i in range(Ho):
        for j in range(Wo):
            piece = big[slice_of(i, j, *w.shape[2:], stride)]
            for f in range(len(w)): out[:, f, i, j] = (piece*w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, [x, w, stride, pad]

def conv_backward(dout, cache):
    x, w, stride, pad = cache
    big = frame(x, pad); dbig = np.zeros(big.shape, x.dtype); dw = np.zeros(w.shape, x.dtype)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            here = slice_of(i, j, *w.shape[2:], stride)
            for f in range(len(w)):
                g = dout[:, f, i, j].reshape(-1, 1, 1, 1)
                dw[f] += (big[here]*g).sum(axis=0)
                dbig[here] += w[f]*g
    H, W = x.shape[2:]
    return dbig[:, :, pad:pad + H, pad:pad + W], dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)


#### Task 2
def max_pool_forward(x, *, pool_height, pool_width, stride):
    Ho, Wo = sizes(*x.shape[2:], pool_height, pool_width, stride)
    out = np.zeros(x.shape[:2] + (Ho, Wo), x.dtype)
    for i in range(Ho):
        for j in range(Wo): out[:, :, i, j] = x[slice_of(i, j, pool_height, pool_width, stride)].max(3).max(2)
    return out, {"x": x, "ph": pool_height, "pw": pool_width, "stride": stride}

def max_pool_backward(dout, cache):
    x, ph, pw = cache["x"], cache["ph"], cache["pw"]
    dx = np.zeros(x.shape, x.dtype)
    for n in range(len(x)):
        for c in range(x.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    top, left = i*cache["stride"], j*cache["stride"]
                    r, s = np.unravel_index(x[n, c, top:top + ph, left:left + pw].argmax(), (ph, pw))
                    dx[n, c, top + r, left + s] += dout[n, c, i, j]
    return dx


#### Task 3 + 4: one function for both, axes tells what to average over
def _bn(x, gamma, beta, state, train, momentum, eps, axes, like):
    if train:
        m, v = x.mean(axis=axes), x.var(axis=axes)
        state = {"running_mean": momentum*state["running_mean"] + (1 - momentum)*m,
                 "running_var": momentum*state["running_var"] + (1 - momentum)*v}
    else:
        m, v = state["running_mean"], state["running_var"]
        state = {k: state[k] for k in state}
    s = np.sqrt(v + eps).reshape(like)
    z = (x - m.reshape(like))/s
    return z*gamma.reshape(like) + beta.reshape(like), (z, s, gamma.reshape(like), axes), state

def _bn_back(dout, cache):
    z, s, g, axes = cache
    dz = dout*g
    dx = (dz - dz.mean(axis=axes, keepdims=True) - z*(dz*z).mean(axis=axes, keepdims=True))/s
    return dx, (dout*z).sum(axis=axes), dout.sum(axis=axes)

def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    return _bn(x, gamma, beta, state, train, momentum, eps, (0,), (1, -1))

def batchnorm_backward(dout, cache): return _bn_back(dout, cache)

def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    return _bn(x, gamma, beta, state, train, momentum, eps, (0, 2, 3), (1, -1, 1, 1))

def spatial_batchnorm_backward(dout, cache): return _bn_back(dout, cache)


#### Task 5
def im2col(x, *, kernel_height, kernel_width, stride, pad):
    Ho, Wo = sizes(*x.shape[2:], kernel_height, kernel_width, stride, pad)
    big = frame(x, pad)
    windows = [big[slice_of(i, j, kernel_height, kernel_width, stride)].reshape(len(x), 1, -1)
               for i in range(Ho) for j in range(Wo)]
    together = np.concatenate(windows, axis=1)          # (N, Ho Wo, C kh kw)
    return together.reshape(-1, together.shape[2])

def col2im(cols, shape, *, kernel_height, kernel_width, stride, pad):
    N, C, H, W = shape
    Ho, Wo = sizes(H, W, kernel_height, kernel_width, stride, pad)
    parts = cols.reshape(N, Ho*Wo, C, kernel_height, kernel_width)
    big = frame(np.zeros(shape, cols.dtype), pad)
    for t in range(Ho*Wo):
        big[slice_of(t//Wo, t % Wo, kernel_height, kernel_width, stride)] += parts[:, t]
    return big[:, :, pad:pad + H, pad:pad + W]

def conv_im2col_forward(x, w, b, *, stride, pad):
    Ho, Wo = sizes(*x.shape[2:], *w.shape[2:], stride, pad)
    cols = im2col(x, kernel_height=w.shape[2], kernel_width=w.shape[3], stride=stride, pad=pad)
    out = (cols.dot(w.reshape(len(w), -1).T) + b).reshape(len(x), Ho*Wo, len(w))
    return out.transpose(0, 2, 1).reshape(len(x), len(w), Ho, Wo), [x, w, stride, pad]

def conv_im2col_backward(dout, cache):
    x, w, stride, pad = cache
    K = {"kernel_height": w.shape[2], "kernel_width": w.shape[3], "stride": stride, "pad": pad}
    D = dout.reshape(len(x), len(w), -1).transpose(0, 2, 1).reshape(-1, len(w))
    dcols = D.dot(w.reshape(len(w), -1))
    return col2im(dcols, x.shape, **K), D.T.dot(im2col(x, **K)).reshape(w.shape), D.sum(axis=0)


#### Task 6
def convnet_init(*, channels, height, width, filters, kernel, hidden, classes, rng):
    flat = filters*(height//2)*(width//2)
    return {"w1": rng.normal(scale=(2/channels/kernel/kernel)**.5, size=(filters, channels, kernel, kernel)),
            "b1": np.zeros(filters),
            "w2": rng.normal(scale=(2/flat)**.5, size=(flat, hidden)), "b2": np.zeros(hidden),
            "w3": rng.normal(scale=(2/hidden)**.5, size=(hidden, classes)), "b3": np.zeros(classes)}

def convnet_forward(x, params):
    P = params
    a, conv_cache = conv_im2col_forward(x, P["w1"], P["b1"], stride=1, pad=(P["w1"].shape[3] - 1)//2)
    a, relu_cache = relu_forward(a)
    a, pool_cache = max_pool_forward(a, pool_height=2, pool_width=2, stride=2)
    a, fc_cache = affine_forward(a, P["w2"], P["b2"])
    a, relu_cache2 = relu_forward(a)
    a, fc_cache2 = affine_forward(a, P["w3"], P["b3"])
    return a, [conv_cache, relu_cache, pool_cache, fc_cache, relu_cache2, fc_cache2]

def convnet_loss(x, y, params, *, lam):
    scores, caches = convnet_forward(x, params)
    loss, d = softmax_loss(scores, y)
    G = {}
    d, G["w3"], G["b3"] = affine_backward(d, caches[5])
    d, G["w2"], G["b2"] = affine_backward(relu_backward(d, caches[4]), caches[3])
    d = relu_backward(max_pool_backward(d, caches[2]), caches[1])
    d, G["w1"], G["b1"] = conv_im2col_backward(d, caches[0])
    penalty = sum((params[k]**2).sum() for k in ("w1", "w2", "w3"))
    for k in ("w1", "w2", "w3"): G[k] = G[k] + lam*params[k]
    return float(loss + lam/2*penalty), G


if __name__ == "__main__":
    # rychlý test
    x = np.random.randn(2, 3, 5, 5)
    out, _ = conv_forward(x, np.random.randn(4, 3, 3, 3), np.zeros(4), stride=1, pad=1)
    print(out.shape)
