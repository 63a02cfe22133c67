"""What the Triton kernels ask of the machine; each answer also holds under Triton's interpreter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import torch
import triton
import triton.language as tl
from triton.runtime import driver

DTYPES = (torch.float32, torch.float16, torch.bfloat16)


def interpreted() -> bool:
    """Whether kernels run in Triton's interpreter, that is whether TRITON_INTERPRET was set to 1.

    Returns:
        True where there is no GPU to ask and nothing to measure.
    """
    return bool(triton.knobs.runtime.interpret)


def autotune(configs: Sequence[triton.Config], key: Sequence[str]) -> Callable[[Any], Any]:
    """Let a kernel choose the fastest of several configurations, once for each new value of its key.

    As `triton.autotune` on a GPU. The interpreter has no clock worth reading: there, the first
    configuration is taken.

    Args:
        configs: at least one; the first should suit small matrices.
        key: names of those arguments of the kernel that the choice depends on. The dtypes of its tensors
            always count.

    Returns:
        A decorator for a jitted kernel.

    The kernel is run many times while it is measured, so it has to write its outputs and not add to them.
    """
    chosen = list(configs)[:1] if interpreted() else list(configs)
    decorator: Callable[[Any], Any] = triton.autotune(configs=chosen, key=list(key))
    return decorator


def compute_capability() -> int:
    """Generation of the current GPU.

    Returns:
        Ten times its major compute capability plus the minor one: 80 for an A100, 90 for an H100 or
        H200; 0 under the interpreter.
    """
    return 0 if interpreted() else _capability(driver.active.get_current_device())


def multiprocessor_count() -> int:
    """How many programs of a large kernel the current GPU runs at a time.

    Returns:
        Number of its streaming multiprocessors, 132 for an H200; 3 under the interpreter, so that small
        inputs keep a persistent kernel busy for more than one round.
    """
    return 3 if interpreted() else _properties(driver.active.get_current_device())["multiprocessor_count"]


def shared_memory() -> int:
    """What one program may use of a multiprocessor's fast memory on the current GPU.

    Returns:
        Bytes, 232448 for an H100 or H200; 0 under the interpreter.
    """
    return 0 if interpreted() else _properties(driver.active.get_current_device())["max_shared_mem"]


@cache
def _capability(_device: int) -> int:
    """Of the current GPU, which has that number."""
    return int(driver.active.get_current_target().arch)


@cache
def _properties(device: int) -> Mapping[str, int]:
    """What the driver tells of a GPU; asking it takes longer than a small product."""
    properties: Mapping[str, int] = driver.active.utils.get_device_properties(device)
    return properties


def launching_on(tensor: torch.Tensor) -> AbstractContextManager[object]:
    """Make the GPU that holds a tensor the current one: Triton launches on that one.

    Args:
        tensor: any tensor; one on the CPU changes nothing.

    Returns:
        A context manager that restores the current GPU at its end.
    """
    return torch.cuda.device_of(tensor)


def kind_of_product(*operands: torch.Tensor, tf32: bool) -> str:
    """How the factors of a product are multiplied, which decides the sizes of the tiles.

    Args:
        operands: the factors.
        tf32: whether float32 factors may be rounded to TF32.

    Returns:
        "half" for float16 and bfloat16, "tf32" or "ieee" for float32.

    Raises:
        ValueError: the factors have different dtypes, another dtype or lie on different devices.
    """
    dtypes = {x.dtype for x in operands}
    if len(dtypes) > 1:
        names = " and ".join(sorted(str(dtype).removeprefix("torch.") for dtype in dtypes))
        raise ValueError(f"both inputs must have the same dtype, these are {names}")
    dtype = operands[0].dtype
    if dtype not in DTYPES:
        raise ValueError(
            f"inputs must be float32, float16 or bfloat16, not {str(dtype).removeprefix('torch.')}"
        )
    if len({x.device for x in operands}) > 1:
        raise ValueError("both inputs must be on the same device")
    if dtype != torch.float32:
        return "half"
    return "tf32" if tf32 else "ieee"


def dot_precision(kind: str) -> str:
    """What a kind of product asks of `tl.dot`.

    Args:
        kind: as `kind_of_product` tells.

    Returns:
        "ieee" for exact products of float32, else "tf32", which changes nothing for 16-bit factors.
    """
    return "ieee" if kind == "ieee" else "tf32"


@triton.jit
def grouped_tile(tile, tiles_m, tiles_n, GROUP_M: tl.constexpr):
    """Row and column of a tile, in an order that reuses what lies in the L2 cache.

    Tiles are numbered down a group of GROUP_M rows before the next column: programs that run at the same
    time then share rows of a and columns of b.

    Args:
        tile: number of the tile, from 0.
        tiles_m: rows of tiles.
        tiles_n: columns of tiles.
        GROUP_M: rows of tiles in one group.

    Returns:
        Row and column of the tile.
    """
    in_group = GROUP_M * tiles_n
    first = (tile // in_group) * GROUP_M
    rows = min(tiles_m - first, GROUP_M)
    return first + (tile % in_group) % rows, (tile % in_group) // rows


@triton.jit
def edges_of(top, left, H, W, HH: tl.constexpr, WW: tl.constexpr, STEP: tl.constexpr):
    """Which taps of a filter miss the image: bit r where row r does, bit 16 + s where column s does.

    Once for each window, so that a loop over the taps has one AND to compute and not four comparisons.

    Args:
        top: row of the image that row 0 of the filter meets, for each window.
        left: column of the image that column 0 of the filter meets.
        H: rows of the image.
        W: columns of the image.
        HH: rows of the filter.
        WW: columns of the filter.
        STEP: 1, or −1 where the filter runs up and to the left.

    Returns:
        An int32 for each window; 0 for all where the filter has more than 16 rows or columns.
    """
    edges = top * 0
    if HH <= 16 and WW <= 16:
        for r in tl.static_range(HH):
            edges |= ((top + STEP * r < 0) | (top + STEP * r >= H)).to(tl.int32) << r
        for s in tl.static_range(WW):
            edges |= ((left + STEP * s < 0) | (left + STEP * s >= W)).to(tl.int32) << (16 + s)
    return edges


@triton.jit
def tap_inside(edges, top, left, r, s, H, W, HH: tl.constexpr, WW: tl.constexpr, STEP: tl.constexpr):
    """Whether tap (r, s) of a window lies in the image.

    Args:
        edges: as `edges_of` tells, for the same other arguments.
        top: as there; so are the arguments after s.
        left: as there.
        r: row of the filter.
        s: column of the filter.
        H: rows of the image.
        W: columns of the image.
        HH: rows of the filter.
        WW: columns of the filter.
        STEP: 1 or −1.

    Returns:
        A mask of the shape that `edges`, r and s broadcast to.
    """
    if HH <= 16 and WW <= 16:
        inside = (edges & ((1 << r) | (1 << 16 << s))) == 0
    else:
        h = top + STEP * r
        w = left + STEP * s
        inside = (h >= 0) & (h < H) & (w >= 0) & (w < W)
    return inside


def _tiles(m: int, n: int, k: int, stages: int, warps: int) -> triton.Config:
    blocks = {"BLOCK_M": m, "BLOCK_N": n, "BLOCK_K": k, "GROUP_M": 8}
    return triton.Config(blocks, num_stages=stages, num_warps=warps)


# Sizes of tiles that suit most GPUs, by the kind of product; a GPU passes over those it has no room for. With
# three stages, two or three programs share a multiprocessor, and one computes while another starts or stores.
TILES = {
    "half": [
        _tiles(64, 64, 32, 4, 4),
        _tiles(128, 64, 64, 3, 4),
        _tiles(64, 128, 64, 3, 4),
        _tiles(128, 128, 64, 3, 4),
        _tiles(128, 128, 64, 3, 8),
        _tiles(128, 256, 64, 3, 8),
        _tiles(256, 128, 64, 3, 8),
    ],
    "tf32": [
        _tiles(64, 64, 32, 4, 4),
        _tiles(128, 64, 32, 3, 4),
        _tiles(64, 128, 32, 3, 4),
        _tiles(128, 128, 32, 3, 8),
        _tiles(128, 256, 32, 3, 8),
        _tiles(256, 128, 32, 3, 8),
    ],
    "ieee": [
        _tiles(64, 64, 16, 3, 4),
        _tiles(128, 64, 16, 3, 4),
        _tiles(64, 128, 16, 3, 4),
        _tiles(128, 128, 16, 3, 8),
        _tiles(128, 128, 32, 3, 8),
    ],
}
