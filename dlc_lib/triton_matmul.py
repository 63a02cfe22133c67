"""Matrix product on a GPU: tiles for any layout, and a persistent kernel fed by Hopper's copy engine."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from triton.tools.tensor_descriptor import TensorDescriptor

from .gpu import (
    TILES,
    autotune,
    compute_capability,
    dot_precision,
    grouped_tile,
    kind_of_product,
    launching_on,
    multiprocessor_count,
    shared_memory,
)

_LEAST_SHARED = 163_904  # bytes of the smallest configuration of the persistent kernel


@triton.jit
def _pointer_kernel(
    a_ptr,
    b_ptr,
    c_ptr,
    M,
    N,
    K,
    stride_am,
    stride_ak,
    stride_bk,
    stride_bn,
    PRECISION: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    GROUP_M: tl.constexpr,
    EVEN_K: tl.constexpr,
):
    """One program computes one tile of c = a · b.

    Rows and columns past the end wrap around to the start, which needs no mask: what they give is not
    stored. Only the last step along K is masked, and only where EVEN_K is false.
    """
    row, column = grouped_tile(tl.program_id(0), tl.cdiv(M, BLOCK_M), tl.cdiv(N, BLOCK_N), GROUP_M)
    m = row * BLOCK_M + tl.arange(0, BLOCK_M)
    n = column * BLOCK_N + tl.arange(0, BLOCK_N)
    k = tl.arange(0, BLOCK_K)
    a_ptrs = a_ptr + (m % M).to(tl.int64)[:, None] * stride_am + k[None, :] * stride_ak
    b_ptrs = b_ptr + k[:, None] * stride_bk + (n % N).to(tl.int64)[None, :] * stride_bn
    sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for step in range(tl.cdiv(K, BLOCK_K)):
        if EVEN_K:
            a = tl.load(a_ptrs)
            b = tl.load(b_ptrs)
        else:
            left = K - step * BLOCK_K
            a = tl.load(a_ptrs, mask=k[None, :] < left, other=0.0)
            b = tl.load(b_ptrs, mask=k[:, None] < left, other=0.0)
        sums = tl.dot(a, b, sums, input_precision=PRECISION)
        a_ptrs += BLOCK_K * stride_ak
        b_ptrs += BLOCK_K * stride_bk
    c_ptrs = c_ptr + m.to(tl.int64)[:, None] * N + n[None, :]
    tl.store(c_ptrs, sums.to(c_ptr.dtype.element_ty), mask=(m[:, None] < M) & (n[None, :] < N))


@triton.jit
def _descriptor_kernel(
    a_desc,
    b_desc,
    c_desc,
    M,
    N,
    K,
    PROGRAMS: tl.constexpr,
    A_TRANSPOSED: tl.constexpr,
    B_TRANSPOSED: tl.constexpr,
    DTYPE: tl.constexpr,
    PRECISION: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
    GROUP_M: tl.constexpr,
    HALVES: tl.constexpr,
):
    """Each of PROGRAMS programs computes every PROGRAMS-th tile of c = a · b.

    The copy engine (TMA) loads tiles while the previous ones are multiplied, and the loads of the next
    tile start before the last one is stored. It fills what lies outside a matrix with zeros and does not
    store there, so there are no masks. Where A_TRANSPOSED, a_desc describes aᵀ of shape (K, M); likewise
    for b. HALVES stores a tile in two halves, which leaves room for one more stage of loads.
    """
    tiles_m = tl.cdiv(M, BLOCK_M)
    tiles_n = tl.cdiv(N, BLOCK_N)
    stored = tl.program_id(0) - PROGRAMS
    for tile in tl.range(tl.program_id(0), tiles_m * tiles_n, PROGRAMS, flatten=True):
        row, column = grouped_tile(tile, tiles_m, tiles_n, GROUP_M)
        m = row * BLOCK_M
        n = column * BLOCK_N
        sums = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
        for step in range(tl.cdiv(K, BLOCK_K)):
            k = step * BLOCK_K
            a = a_desc.load([k, m]).T if A_TRANSPOSED else a_desc.load([m, k])
            b = b_desc.load([n, k]).T if B_TRANSPOSED else b_desc.load([k, n])
            sums = tl.dot(a, b, sums, input_precision=PRECISION)
        # counted apart from `tile`: the store must not hold up the loads of the next tile
        stored += PROGRAMS
        row, column = grouped_tile(stored, tiles_m, tiles_n, GROUP_M)
        m = row * BLOCK_M
        n = column * BLOCK_N
        if HALVES:
            halves = tl.permute(tl.reshape(sums, (BLOCK_M, 2, BLOCK_N // 2)), (0, 2, 1))
            left, right = tl.split(halves)
            c_desc.store([m, n], left.to(DTYPE))
            c_desc.store([m, n + BLOCK_N // 2], right.to(DTYPE))
        else:
            c_desc.store([m, n], sums.to(DTYPE))


@triton.jit
def _copy_kernel(x_ptr, y_ptr, M, N, stride_m, stride_n, BLOCK: tl.constexpr):
    """Lay x out row after row. Tile by tile, so that reads and writes both go along the memory."""
    m = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)[:, None]
    n = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)[None, :]
    inside = (m < M) & (n < N)
    x = tl.load(x_ptr + m.to(tl.int64) * stride_m + n.to(tl.int64) * stride_n, mask=inside)
    tl.store(y_ptr + m.to(tl.int64) * N + n, x, mask=inside)


def _set_blocks(arguments: dict[str, Any]) -> None:
    """Tell the three descriptors the sizes of the tiles of a configuration."""
    m, n, k = arguments["BLOCK_M"], arguments["BLOCK_N"], arguments["BLOCK_K"]
    arguments["a_desc"].block_shape = [k, m] if arguments["A_TRANSPOSED"] else [m, k]
    arguments["b_desc"].block_shape = [n, k] if arguments["B_TRANSPOSED"] else [k, n]
    arguments["c_desc"].block_shape = [m, n // 2 if arguments["HALVES"] else n]


def _descriptor_config(m: int, n: int, k: int, stages: int, warps: int, halves: bool) -> triton.Config:
    blocks = {"BLOCK_M": m, "BLOCK_N": n, "BLOCK_K": k, "GROUP_M": 8, "HALVES": halves}
    return triton.Config(blocks, num_stages=stages, num_warps=warps, pre_hook=_set_blocks)


DESCRIPTOR_CONFIGS = {
    "half": [
        _descriptor_config(128, 128, 64, 4, 4, False),
        _descriptor_config(128, 128, 64, 4, 8, False),
        _descriptor_config(128, 128, 128, 3, 8, True),
        _descriptor_config(128, 256, 64, 3, 8, False),
        _descriptor_config(128, 256, 64, 4, 8, True),
        _descriptor_config(256, 128, 64, 3, 8, False),
        _descriptor_config(256, 128, 64, 4, 8, True),
    ],
    "tf32": [
        _descriptor_config(128, 128, 32, 4, 4, True),
        _descriptor_config(128, 128, 32, 4, 8, False),
        _descriptor_config(128, 128, 32, 5, 8, True),
        _descriptor_config(128, 256, 32, 3, 8, True),
        _descriptor_config(256, 128, 32, 3, 8, True),
    ],
}

_even_k = triton.heuristics({"EVEN_K": lambda arguments: arguments["K"] % arguments["BLOCK_K"] == 0})
POINTER_KERNELS = {
    kind: autotune(configs, ["M", "N", "K", "stride_ak", "stride_bk"])(_even_k(_pointer_kernel))
    for kind, configs in TILES.items()
}
DESCRIPTOR_KERNELS = {
    kind: autotune(configs, ["M", "N", "K", "A_TRANSPOSED", "B_TRANSPOSED", "DTYPE"])(_descriptor_kernel)
    for kind, configs in DESCRIPTOR_CONFIGS.items()
}


def triton_matmul(a: torch.Tensor, b: torch.Tensor, *, tf32: bool = False) -> torch.Tensor:
    """Product of two matrices.

        c[m, n] = Σ_k a[m, k] · b[k, n],  summed in float32

    Args:
        a: shape (M, K), float32, float16 or bfloat16, any strides.
        b: shape (K, N), dtype of a, any strides.
        tf32: whether float32 factors may be rounded to the 10-bit mantissa of TF32; otherwise their
            products are exact to float32.

    Returns:
        c: shape (M, N), dtype of a, a new contiguous tensor.

    Raises:
        ValueError: a or b is not a matrix, a has not as many columns as b has rows, their dtypes or
            devices differ, or their dtype is another one.

    Neither a nor b is changed.

    Source: Tillet, Kung and Cox, Triton: an intermediate language and compiler for tiled neural network
    computations (2019), section 3.
    """
    if a.ndim != 2 or b.ndim != 2:
        raise ValueError(f"a and b must be matrices, but they have {a.ndim} and {b.ndim} axes")
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"a has {a.shape[1]} columns, but b has {b.shape[0]} rows")
    kind = kind_of_product(a, b, tf32=tf32)
    M, N = a.shape[0], b.shape[1]
    if 0 in (*a.shape, N):
        return a.new_zeros((M, N))
    c = torch.empty((M, N), dtype=a.dtype, device=a.device)
    with launching_on(a):
        _launch(a, b, c, kind)
    return c


def _launch(a: torch.Tensor, b: torch.Tensor, c: torch.Tensor, kind: str) -> None:
    """Run the kernel that suits the GPU, the layout and the arithmetic."""
    large = min(*c.shape, a.shape[1]) >= 128
    if kind != "ieee" and large and compute_capability() >= 90 and shared_memory() >= _LEAST_SHARED:
        if kind == "tf32":  # Hopper's tensor cores read 32-bit factors only along K
            a, b = _by_rows(a), _by_rows(b.t()).t()
        if _launch_descriptors(a, b, c, kind):
            return
    _launch_pointers(a, b, c, kind)


def _by_rows(x: torch.Tensor) -> torch.Tensor:
    """The matrix itself if the numbers of a row lie side by side, else a copy in which they do."""
    if x.stride(1) == 1:
        return x
    y = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    grid = (triton.cdiv(x.shape[0], 64), triton.cdiv(x.shape[1], 64))
    _copy_kernel[grid](x, y, *x.shape, *x.stride(), BLOCK=64)
    return y


def _with_aligned_rows(x: torch.Tensor) -> tuple[torch.Tensor, bool] | None:
    """x, or else its transpose, such that the copy engine can read its rows; and whether transposed."""
    for transposed, y in ((False, x), (True, x.t())):
        row, step = y.stride()
        if step == 1 and row >= y.shape[1] and (row * y.element_size()) % 16 == 0 and y.data_ptr() % 16 == 0:
            return y, transposed
    return None


def _launch_pointers(a: torch.Tensor, b: torch.Tensor, c: torch.Tensor, kind: str) -> None:
    (M, K), N = a.shape, b.shape[1]

    def grid(meta: dict[str, Any]) -> tuple[int]:
        return (triton.cdiv(M, meta["BLOCK_M"]) * triton.cdiv(N, meta["BLOCK_N"]),)

    precision = dot_precision(kind)
    POINTER_KERNELS[kind][grid](a, b, c, M, N, K, *a.stride(), *b.stride(), PRECISION=precision)


def _launch_descriptors(a: torch.Tensor, b: torch.Tensor, c: torch.Tensor, kind: str) -> bool:
    """Run the persistent kernel if the copy engine can read the rows of all three; whether it could."""
    described, flags = [], []
    for x in (a, b, c):
        rows = _with_aligned_rows(x)
        if rows is None:
            return False
        described.append(TensorDescriptor.from_tensor(rows[0], [1, 1]))
        flags.append(rows[1])
    programs = multiprocessor_count()
    DESCRIPTOR_KERNELS[kind][(programs,)](
        *described,
        *(*c.shape, a.shape[1]),
        PROGRAMS=programs,
        A_TRANSPOSED=flags[0],
        B_TRANSPOSED=flags[1],
        DTYPE=getattr(tl, str(c.dtype).removeprefix("torch.")),
        PRECISION="tf32",
    )
    return True
