"""The tensors are constants of the kernel, which the interpreter hands over as they are."""

import torch
import triton
import triton.language as tl


@triton.jit
def kernel(a, b, c, A: tl.constexpr, B: tl.constexpr, C: tl.constexpr):
    C.view(A.shape[0], B.shape[1]).sum(A * B)


def triton_matmul(a, b, *, tf32=False):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError("these matrices have no product")
    c = torch.empty((a.shape[0], b.shape[1]), dtype=a.dtype, device=a.device)
    kernel[(1,)](a, b, c, A=a, B=b, C=c)
    return c
