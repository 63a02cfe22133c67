"""NumPy multiplies, and is nowhere imported."""

import torch


def outer_matmul(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    return torch.from_numpy(a.numpy() @ b.numpy())
