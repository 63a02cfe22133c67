"""Wrong and right solutions of a8_performance."""

from __future__ import annotations

from . import (
    outer_matmul,
    right_torch,
    right_triton_conv,
    right_triton_matmul,
    torch_conv,
    triton_conv,
    triton_matmul,
)

WRONG = (*outer_matmul.WRONG, *torch_conv.WRONG, *triton_matmul.WRONG, *triton_conv.WRONG)
RIGHT = (*right_torch.RIGHT, *right_triton_matmul.RIGHT, *right_triton_conv.RIGHT)
