"""Memory of the grader's that workers may read and write: on a GPU, or in files of shared memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

_LARGE = 32 << 20  # bytes from which torch's allocator asks for memory of its own


class Buffers:
    """Tensors of this process and how to open them in another one.

    On a GPU by CUDA's inter-process handles; without one in files below `folder`, which takes the same way
    through the same code and serves to test it.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        self._kind, self._folder = kind, folder
        self._held: dict[str, torch.Tensor] = {}

    def like(self, name: str, tensor: torch.Tensor) -> tuple[torch.Tensor, dict[str, Any]]:
        """A buffer with the shape, strides and dtype of a tensor, and how to open it elsewhere.

        The tensor must fill its memory without gaps, in whatever order of its axes.
        """
        shape, stride, dtype = tuple(tensor.shape), tensor.stride(), str(tensor.dtype).removeprefix("torch.")
        share: dict[str, Any] = {"shape": list(shape), "stride": list(stride), "dtype": dtype}
        if self._kind == "cuda":
            # An allocation of its own: handles name whole allocations, and torch packs small ones together.
            flat = torch.empty(
                max(tensor.numel(), _LARGE // tensor.element_size()), dtype=tensor.dtype, device="cuda"
            )
            share |= {"handle": [_text(each) for each in flat.untyped_storage()._share_cuda_()], "offset": 0}
        else:
            path = self._folder / name
            with path.open("wb") as file:
                file.truncate(max(1, tensor.numel()) * tensor.element_size())
            flat = torch.from_file(str(path), shared=True, size=max(1, tensor.numel()), dtype=tensor.dtype)
            share |= {"path": str(path), "count": max(1, tensor.numel())}
        self._held[name] = flat
        return flat.as_strided(shape, stride), share


def _text(value: Any) -> Any:
    return f"hex:{value.hex()}" if isinstance(value, bytes) else value
