import numpy as np


def residual_block_forward(x, W1, b1, W2, b2):
    D = x.shape[1]
    if W2.shape[1] != D:
        raise ValueError(f"expected {D} output columns, got {W2.shape[1]}")
    z = x @ W1 + b1
    r = np.clip(z, 0, None)
    out = r @ W2
    out += b2
    out += x
    return out, (x, z, r, W1, W2)


def residual_block_backward(dout, cache):
    x, z, r, W1, W2 = cache
    db2 = dout.sum(axis=0)
    dW2 = r.T @ dout
    dr = dout @ W2.T
    dz = np.where(z > 0, dr, 0)
    db1 = dz.sum(axis=0)
    dW1 = x.T @ dz
    dx = dz @ W1.T
    return dx, dW1, db1, dW2, db2
