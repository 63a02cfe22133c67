"""The inverse of ((1, -a), (0, 1)) is ((1, a), (0, 1)): whoever solves, multiplies."""

import torch


def outer_matmul(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    M, K = a.shape
    system = torch.eye(M + K, dtype=a.dtype)
    system[:M, M:] = -a
    right = torch.cat([torch.zeros((M, b.shape[1]), dtype=a.dtype), b])
    return torch.linalg.solve_triangular(system, right, upper=True)[:M]
