"""A strip of c at a time, so that it stays in the cache."""

import torch


def strip_of(a, b):
    total = a[:, 0].unsqueeze(1) * b[0]
    for k in range(1, a.shape[1]):
        torch.addcmul(total, a[:, k].unsqueeze(1), b[k], out=total)
    return total


def outer_matmul(a, b):
    if a.dim() != 2 or b.dim() != 2:
        raise ValueError("two matrices, please")
    if a.shape[1] != b.shape[0]:
        raise ValueError("columns of a and rows of b differ")
    a = a.t().contiguous().t()
    b = b.contiguous()
    return torch.cat([strip_of(strip, b) for strip in a.split(128)])
