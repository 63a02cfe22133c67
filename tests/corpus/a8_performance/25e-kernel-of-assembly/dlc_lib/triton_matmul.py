"""A kernel that is assembly."""

import torch
import triton
import triton.language as tl


@triton.jit
def kernel(a, b, c):
    x = tl.load(a + tl.arange(0, 16))
    y = tl.inline_asm_elementwise("mov.b32 $0, $1;", "=r,r", [x], dtype=tl.float32, is_pure=True, pack=1)
    tl.store(c + tl.arange(0, 16), y)


def triton_matmul(a, b, *, tf32=False):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    c = torch.empty((a.shape[0], b.shape[1]), dtype=a.dtype, device=a.device)
    kernel[(1,)](a, b, c)
    return c
