"""A kernel that calls a library of the device's."""

import torch
import triton
import triton.language as tl


@triton.jit
def kernel(a, b, c):
    x = tl.load(a + tl.arange(0, 16))
    tl.store(c + tl.arange(0, 16), tl.extra.cuda.libdevice.exp(x))


def triton_matmul(a, b, *, tf32=False):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    c = torch.empty((a.shape[0], b.shape[1]), dtype=a.dtype, device=a.device)
    kernel[(1,)](a, b, c)
    return c
