"""Memory of the grader's that workers may read and write: on a GPU, or in files of shared memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Buffer:
    """A tensor of this process that workers of one side can open."""

    name: str
    tensor: torch.Tensor
    share: dict[str, Any]  # how to open it elsewhere; see `sandbox/inside/device.py`


class Buffers:
    """The buffers of one hand-in's races, by the side that may open them. A context manager.

    On a GPU by CUDA's inter-process handles; without one, in files of the folders of its sides, which takes
    the same way through the same code and serves to test it. Memory is used again for another tensor of the
    same form. None of it outlives the hand-in, and it is wiped before its first use, so nothing goes from
    one student to the next. At the end every worker that opened some must have ended.
    """

    def __init__(self, kind: str, folders: Mapping[str, Path]) -> None:
        self.kind = kind  # "cuda" or "cpu"
        self._folders = folders  # side -> where its workers may write
        self._held: dict[tuple[Any, ...], Buffer] = {}
        self._allocations: list[Any] = []  # on the GPU

    def __enter__(self) -> Buffers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all memory back."""
        for buffer in self._held.values():
            if "path" in buffer.share:
                Path(buffer.share["path"]).unlink(missing_ok=True)
        self._held.clear()
        while self._allocations:
            self._allocations.pop().free()
        if self.kind == "cuda":
            torch.cuda.empty_cache()  # what the grader computed with: other graders wait for it

    def like(self, side: str, use: str, tensor: torch.Tensor) -> Buffer:
        """A buffer with the shape, strides and dtype of a tensor, for that use on that side.

        The tensor must fill its memory without gaps, in whatever order of its axes. Raises OpenPoints where
        the GPU has no memory left.
        """
        key = (side, use, tuple(tensor.shape), tensor.stride(), tensor.dtype)
        if key not in self._held:
            self._held[key] = self._new(side, f"{use}-{len(self._held)}", tensor)
        return self._held[key]

    def _new(self, side: str, name: str, tensor: torch.Tensor) -> Buffer:
        size = max(1, tensor.numel()) * tensor.element_size()
        flat, where = self._on_gpu(size) if self.kind == "cuda" else self._in_file(side, name, size)
        share = {
            "shape": list(tensor.shape),
            "stride": list(tensor.stride()),
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "bytes": size,
        }
        return Buffer(name, flat.view(tensor.dtype).as_strided(tensor.shape, tensor.stride()), share | where)

    def _on_gpu(self, size: int) -> tuple[torch.Tensor, dict[str, str]]:
        from .cuda_memory import Allocation  # of a machine with a GPU

        allocation = Allocation(size)
        self._allocations.append(allocation)
        return allocation.tensor(), {"handle": allocation.handle.hex()}

    def _in_file(self, side: str, name: str, size: int) -> tuple[torch.Tensor, dict[str, str]]:
        path = self._folders[side] / name
        path.write_bytes(b"\xff" * size)
        return torch.from_file(str(path), shared=True, size=size, dtype=torch.uint8), {"path": str(path)}
