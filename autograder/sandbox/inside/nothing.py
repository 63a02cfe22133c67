"""Kernels that hardly do anything, in a file of their own, for Triton reads their source."""

from __future__ import annotations

import numpy as np
import torch
import triton
import triton.language as tl


@triton.jit
def kernel(out):
    """Store a one."""
    tl.store(out, 1.0)


@triton.jit
def counting(out, n):
    """Store how many pairs there are of n."""
    total = 0.0
    for _ in range(tl.cdiv(n, 2)):
        total += 1.0
    tl.store(out, total)


def interpret() -> None:
    """Raise RuntimeError where Triton's interpreter fails on what every loop over tiles does.

    That of 3.6 takes `int` of an array with one entry, which NumPy 2.4 and later refuse.
    """
    out = torch.zeros(1)
    try:
        counting[(1,)](out, 5)
    except Exception as error:
        raise RuntimeError(
            f"the interpreter of Triton {triton.__version__} does not work with NumPy {np.__version__} "
            f"({type(error).__name__}); install a newer Triton or an older NumPy"
        ) from error
    if out.item() != 3.0:
        raise RuntimeError(f"the interpreter of Triton {triton.__version__} counts {out.item():g} of 3")
