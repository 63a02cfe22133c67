import numpy as np


def shallow_forward(x, W, c, w, b):
    # I know this is slow but I understand it
    num_samples = x.shape[0]
    num_hidden = W.shape[1]
    z = np.zeros((num_samples, num_hidden), dtype=x.dtype)
    f = np.zeros(num_samples, dtype=x.dtype)
    for n in range(num_samples):
        for k in range(num_hidden):
            z[n, k] = np.sum(x[n] * W[:, k]) + c[k]
        hidden = [max(0.0, v) for v in z[n]]
        total = b
        for k in range(num_hidden):
            total = total + hidden[k] * w[k]
        f[n] = total
    return f, {"x": x, "W": W, "w": w, "z": z}


def shallow_backward(df, cache):
    x = cache["x"]
    W = cache["W"]
    w = cache["w"]
    z = cache["z"]
    dx = np.zeros_like(x)
    dW = np.zeros_like(W)
    dc = np.zeros(W.shape[1], dtype=W.dtype)
    dw = np.zeros_like(w)
    db = np.zeros((), dtype=W.dtype)
    for n in range(x.shape[0]):
        db += df[n]
        for k in range(W.shape[1]):
            if z[n, k] > 0:
                dw[k] += df[n] * z[n, k]
                delta = df[n] * w[k]
                dc[k] += delta
                dW[:, k] += delta * x[n]
                dx[n] += delta * W[:, k]
    return dx, dW, dc, dw, db
