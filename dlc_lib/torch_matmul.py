"""The matrix product from products and sums of single entries, in an order that suits the caches."""

from __future__ import annotations

import torch

_TILE = 1 << 18  # entries of the result worked on at a time: 1 MiB of float32, what a core's cache holds


def outer_matmul(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Multiply two matrices without any matrix product of the library.

        c[m, n] = Σ_k a[m, k] · b[k, n],  as a sum of outer products: c = Σ_k a[:, k] b[k, :]ᵀ

    Only operations on entries (products, sums, `addcmul_`), sums along an axis, views and copies are
    allowed: no `@`, matmul, mm, einsum, linear, dot and the like, by whatever name. Memory beyond the
    result and copies of the inputs must stay far below M·N·K entries.

    What decides the speed is how often entries travel between memory and the core: an order of the sums
    that keeps a part of c in the cache while all of K passes over it is many times faster than one that
    reads b again for every row of c.

    Args:
        a: shape (M, K), float32 or float64, rows and columns in memory in any order.
        b: shape (K, N), dtype of a.

    Returns:
        c: shape (M, N), dtype of a, a new tensor.

    Raises:
        ValueError: a and b are not matrices, or a has not as many columns as b has rows.

    No input is changed.

    Source: Goto and van de Geijn, Anatomy of high-performance matrix multiplication (2008), section 4.
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(f"matrices of shapes {tuple(a.shape)} and {tuple(b.shape)} have no product")
    c = torch.zeros((a.shape[0], b.shape[1]), dtype=a.dtype)
    rows = max(1, _TILE // max(1, b.shape[1]))
    b_rows = b.contiguous().unbind(0)
    for first in range(0, a.shape[0], rows):
        tile = c[first : first + rows]
        columns = a[first : first + rows].T.contiguous().unsqueeze(2).unbind(0)
        for column, row in zip(columns, b_rows, strict=True):
            tile.addcmul_(column, row)
    return c
