"""A product in Triton without Triton."""

import torch


def triton_matmul(a, b, *, tf32=False):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    left, right = a.float(), b.float()
    return torch.stack([(row[:, None] * right).sum(0) for row in left]).to(a.dtype)
