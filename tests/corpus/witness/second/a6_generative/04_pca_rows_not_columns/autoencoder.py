import numpy as np


def principal_directions(x, *, k):
    U, S, V = np.linalg.svd(x)
    return V[:, :k]


def pca_bound(x, *, k):
    _, S, _ = np.linalg.svd(x)
    rest = S[k:]
    return float(rest @ rest) / x.shape[0]
