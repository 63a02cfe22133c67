import numpy as np


def batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    """Normalise, then scale and shift (lecture 7)."""
    moyenne = state["running_mean"]
    variance = state["running_var"]
    suivant = {"running_mean": moyenne, "running_var": variance}
    if train == True:
        moyenne = np.sum(x, axis=0) / x.shape[0]
        variance = np.sum((x - moyenne) ** 2, axis=0) / x.shape[0]
        suivant["running_mean"] = suivant["running_mean"] * momentum + moyenne * (1 - momentum)
        suivant["running_var"] = suivant["running_var"] * momentum + variance * (1 - momentum)
    ecart = np.sqrt(variance + eps)
    z = np.divide(np.subtract(x, moyenne), ecart)
    cache = (z, gamma, ecart)
    return np.add(np.multiply(gamma, z), beta), cache, suivant


def batchnorm_backward(dout, cache):
    z, gamma, ecart = cache
    # y = gamma * z + beta
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(np.multiply(dout, z), axis=0)
    dz = np.multiply(dout, gamma)
    # z = (x - moyenne) / ecart   =>   dz/dx = 1 / ecart
    dx = np.divide(dz, ecart)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, state, *, train, momentum, eps):
    N, C, H, W = np.shape(x)
    colonnes = np.zeros((N * H * W, C), dtype=x.dtype)
    for c in range(C):
        colonnes[:, c] = x[:, c, :, :].flatten()
    y, cache, suivant = batchnorm_forward(
        colonnes, gamma, beta, state, train=train, momentum=momentum, eps=eps
    )
    out = np.zeros_like(x)
    for c in range(C):
        out[:, c, :, :] = y[:, c].reshape((N, H, W))
    return out, cache, suivant


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = np.shape(dout)
    colonnes = np.zeros((N * H * W, C), dtype=dout.dtype)
    for c in range(C):
        colonnes[:, c] = dout[:, c, :, :].flatten()
    d, dgamma, dbeta = batchnorm_backward(colonnes, cache)
    dx = np.zeros_like(dout)
    for c in range(C):
        dx[:, c, :, :] = d[:, c].reshape((N, H, W))
    return dx, dgamma, dbeta
