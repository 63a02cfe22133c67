"""Two first kernels in Triton: a sum of vectors, and a matrix product by one program for each entry."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl

from .gpu import launching_on


@triton.jit
def _add_kernel(x_ptr, y_ptr, out_ptr, n, BLOCK: tl.constexpr):
    first = tl.program_id(0) * BLOCK
    place = first + tl.arange(0, BLOCK)
    inside = place < n
    x = tl.load(x_ptr + place, mask=inside, other=0.0)
    y = tl.load(y_ptr + place, mask=inside, other=0.0)
    tl.store(out_ptr + place, x + y, mask=inside)


@triton.jit
def _entry_kernel(
    a_ptr, b_ptr, c_ptr, N, K, stride_am, stride_ak, stride_bk, stride_bn, BLOCK_K: tl.constexpr
):
    m = tl.program_id(0)
    n = tl.program_id(1)
    sums = tl.zeros((BLOCK_K,), dtype=tl.float32)
    step = tl.arange(0, BLOCK_K)
    for first in range(0, K, BLOCK_K):
        k = first + step
        a = tl.load(a_ptr + m * stride_am + k * stride_ak, mask=k < K, other=0.0)
        b = tl.load(b_ptr + k * stride_bk + n * stride_bn, mask=k < K, other=0.0)
        sums += a.to(tl.float32) * b.to(tl.float32)
    c = tl.sum(sums, axis=0)
    tl.store(c_ptr + m * N + n, c.to(c_ptr.dtype.element_ty))


def triton_add(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Sum of two vectors, a block of 1024 entries for each program.

    Args:
        x: shape (n,), contiguous.
        y: shape (n,), contiguous, dtype of x.

    Returns:
        x + y, a new vector.
    """
    out = torch.empty_like(x)
    with launching_on(x):
        _add_kernel[(triton.cdiv(x.numel(), 1024),)](x, y, out, x.numel(), BLOCK=1024)
    return out


def naive_triton_matmul(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Product of two matrices, a program for each entry: right, and far from what a GPU can do.

    Each entry of a is read N times from memory and each of b M times, and nothing runs on tensor cores.

    Args:
        a: shape (M, K), any strides.
        b: shape (K, N), dtype of a, any strides.

    Returns:
        c: shape (M, N) with c[m, n] = Σ_k a[m, k] · b[k, n], summed in float32; dtype of a.
    """
    c = a.new_empty((a.shape[0], b.shape[1]))
    kernel: Any = _entry_kernel
    with launching_on(a):
        kernel[c.shape](a, b, c, c.shape[1], a.shape[1], *a.stride(), *b.stride(), BLOCK_K=64)
    return c
