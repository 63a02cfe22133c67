"""Memory that the grader owns and lets workers read and write: on a GPU, or in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Buffer:
    """A tensor that the grader owns and that the workers of one side (the student's, ours) can open."""

    name: str
    tensor: torch.Tensor
    share: dict[str, Any]  # how to open it elsewhere; see `sandbox/inside/device.py`


class Buffers:
    """All buffers for the races of one hand-in. A context manager.

    On a GPU they are shared by CUDA's inter-process handles. Without one they are files in a folder of each
    side: the same code runs, which is how it is tested. A buffer is used again for the next tensor of the
    same shape and dtype. Memory is wiped before its first use and given back at the end, so no student finds
    numbers of another. Every worker that opened a buffer must have ended before this is closed.
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
        """A buffer with the shape, strides and dtype of a tensor; the same one for the same arguments.

        Args:
            side: whose workers may open it.
            use: what it is for, such as "output"; two uses never share a buffer.
            tensor: the example. It must fill its memory without gaps, in any order of its axes.

        Raises:
            OpenPoints: the GPU has no memory left.
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
