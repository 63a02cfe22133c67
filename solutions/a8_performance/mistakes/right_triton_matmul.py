"""Right matrix products in Triton, written differently from the reference."""

from __future__ import annotations

from autograder.author import Variant

_CHECKED = """
def _check(a, b):
    if a.dim() != 2 or b.dim() != 2:
        raise ValueError("a and b must have two axes")
    if a.size(1) != b.size(0):
        raise ValueError("the sizes do not fit")
    if a.dtype != b.dtype or a.device != b.device:
        raise ValueError("dtypes or devices differ")
    if a.dtype not in (torch.float32, torch.float16, torch.bfloat16):
        raise ValueError("this dtype is not supported")
"""
_ONE_CONFIGURATION = f"""
import torch
import triton
import triton.language as tl
{_CHECKED}

@triton.jit
def _simple_kernel(a, b, c, M, N, K, am, ak, bk, bn, TF32: tl.constexpr, BLOCK: tl.constexpr):
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)[:, None]
    cols = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)[None, :]
    total = tl.zeros((BLOCK, BLOCK), tl.float32)
    for start in range(0, K, BLOCK):
        down = start + tl.arange(0, BLOCK)[:, None]
        along = start + tl.arange(0, BLOCK)[None, :]
        left = tl.load(a + rows * am + along * ak, (rows < M) & (along < K), 0)
        right = tl.load(b + down * bk + cols * bn, (down < K) & (cols < N), 0)
        total += tl.dot(left, right, input_precision="tf32" if TF32 else "ieee")
    tl.store(c + rows * N + cols, total, (rows < M) & (cols < N))


def triton_matmul(a, b, *, tf32=False):
    _check(a, b)
    (M, K), N = a.shape, b.shape[1]
    c = a.new_empty((M, N))
    grid = (triton.cdiv(M, 32), triton.cdiv(N, 32))
    if c.numel():
        _simple_kernel[grid](a, b, c, M, N, K, *a.stride(), *b.stride(), TF32=tf32, BLOCK=32)
    return c
"""
_A_ROW_AT_A_TIME = f"""
import torch
import triton
import triton.language as tl
{_CHECKED}

@triton.jit
def _row_kernel(a_ptr, b_ptr, c_ptr, N, K, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr):
    m = tl.program_id(0)
    n = tl.program_id(1) * BLOCK_N + tl.arange(0, BLOCK_N)
    total = tl.zeros((BLOCK_N,), dtype=tl.float32)
    for first in range(0, K, BLOCK_K):
        k = first + tl.arange(0, BLOCK_K)
        a = tl.load(a_ptr + m * K + k, mask=k < K, other=0.0).to(tl.float32)
        inside = (k < K)[:, None] & (n < N)[None, :]
        b = tl.load(b_ptr + k[:, None] * N + n[None, :], mask=inside, other=0.0).to(tl.float32)
        total += tl.sum(a[:, None] * b, axis=0)
    tl.store(c_ptr + m * N + n, total.to(c_ptr.dtype.element_ty), mask=n < N)


def triton_matmul(a, b, *, tf32=False):
    _check(a, b)
    a, b = a.contiguous(), b.contiguous()
    c = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype, device=a.device)
    if 0 not in c.shape:
        _row_kernel[c.shape[0], triton.cdiv(c.shape[1], 64)](a, b, c, b.shape[1], a.shape[1], 64, 128)
    return c
"""
_PARTS_OF_K = f"""
import torch
import triton
import triton.language as tl
{_CHECKED}

@triton.jit
def _part_kernel(
    a_ptr, b_ptr, parts_ptr, M, N, K, length, sam, sak, sbk, sbn,
    PRECISION: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr,
):
    tiles = tl.cdiv(N, BN)
    tile = tl.program_id(0)
    part = tl.program_id(1)
    m = tile // tiles * BM + tl.arange(0, BM)
    n = tile % tiles * BN + tl.arange(0, BN)
    last = tl.minimum(K, (part + 1) * length)
    sums = tl.zeros((BM, BN), dtype=tl.float32)
    for first in range(part * length, last, BK):
        k = first + tl.arange(0, BK)
        a_mask = (m[:, None] < M) & (k[None, :] < last)
        b_mask = (k[:, None] < last) & (n[None, :] < N)
        a = tl.load(a_ptr + m[:, None] * sam + k[None, :] * sak, mask=a_mask, other=0.0)
        b = tl.load(b_ptr + k[:, None] * sbk + n[None, :] * sbn, mask=b_mask, other=0.0)
        sums = tl.dot(a, b, acc=sums, input_precision=PRECISION)
    place = parts_ptr + part * M * N + m[:, None] * N + n[None, :]
    tl.store(place, sums, mask=(m[:, None] < M) & (n[None, :] < N))


def triton_matmul(a, b, *, tf32=False):
    _check(a, b)
    (M, K), N = a.shape, b.shape[1]
    count = 1 + K // 1024
    parts = torch.zeros((count, M, N), dtype=torch.float32, device=a.device)
    if parts.numel():
        _part_kernel[(triton.cdiv(M, 64) * triton.cdiv(N, 32), count)](
            a, b, parts, M, N, K, -(-K // count), *a.stride(), *b.stride(),
            PRECISION="tf32" if tf32 else "ieee", BM=64, BN=32, BK=64,
        )
    return parts.sum(dim=0).to(a.dtype)
"""

RIGHT = (
    Variant(
        id="matmul-one-configuration", task="triton_matmul", module="triton_matmul", code=_ONE_CONFIGURATION
    ),
    Variant(id="matmul-a-row-at-a-time", task="triton_matmul", module="triton_matmul", code=_A_ROW_AT_A_TIME),
    Variant(id="matmul-parts-of-k", task="triton_matmul", module="triton_matmul", code=_PARTS_OF_K),
)
