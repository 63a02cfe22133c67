"""Blocks of k at once: a product of three axes, summed over one."""

import torch


def outer_matmul(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(f"{tuple(a.shape)} and {tuple(b.shape)}")
    c = torch.zeros((a.shape[0], b.shape[1]), dtype=a.dtype)
    for first in range(0, a.shape[1], 4):
        left, right = a[:, first : first + 4], b[first : first + 4]
        c += (left.unsqueeze(2) * right.unsqueeze(0)).sum(1)
    return c
