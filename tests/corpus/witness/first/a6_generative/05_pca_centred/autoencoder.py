import numpy as np


def _centered_svd(x):
    mu = x.mean(axis=0, keepdims=True)
    return np.linalg.svd(x - mu, full_matrices=False)


def principal_directions(x, *, k):
    U, S, Vt = _centered_svd(x)
    return Vt.T[:, :k]


def pca_bound(x, *, k):
    U, S, Vt = np.linalg.svd(x, full_matrices=False)
    return float((S[k:] ** 2).sum() / x.shape[0])
