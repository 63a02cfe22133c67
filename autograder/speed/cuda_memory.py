"""GPU memory that other processes can open, allocated by CUDA's driver directly.

It is not taken from torch, for two reasons. Torch's allocator puts many tensors into one allocation, and a
handle opens the whole allocation: a worker could read right answers beside its buffer. And torch frees shared
memory only after the other process says that it is done, which a worker that is killed never does.
"""

from __future__ import annotations

import ctypes
from typing import Any

import torch

from ..errors import OpenPoints

_BLOCK = 2 << 20  # bytes; a smaller allocation shares its block with others, which a handle would open too
_HANDLE = ctypes.c_char * 64


class Allocation:
    """Bytes of the current GPU, each set to 255, with a handle by which other processes open them.

    Every process that opened the handle must have ended before `free` is called.

    Args:
        size: number of bytes.

    Raises:
        OpenPoints: the GPU has no memory left.
    """

    def __init__(self, size: int) -> None:
        torch.cuda.synchronize()  # makes torch's context the one of this thread
        self._driver = ctypes.CDLL("libcuda.so.1")
        self._address = ctypes.c_uint64()
        whole = ctypes.c_size_t(-(-size // _BLOCK) * _BLOCK)
        self._call("cuMemAlloc_v2", ctypes.byref(self._address), whole)
        handle = _HANDLE()
        self._call("cuIpcGetMemHandle", handle, self._address)
        self.handle = handle.raw
        # What was freed here before may hold somebody's numbers, and the driver does not wipe it.
        self._call("cuMemsetD8_v2", self._address, ctypes.c_ubyte(255), whole)
        self._view = {"shape": (size,), "typestr": "|u1", "data": (self._address.value, False), "version": 3}

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return self._view

    def tensor(self) -> torch.Tensor:
        """The bytes, not copied."""
        return torch.as_tensor(self, device="cuda")

    def free(self) -> None:
        """Give the memory back; no tensor of it may be used any more."""
        torch.cuda.synchronize()
        self._call("cuMemFree_v2", self._address)

    def _call(self, name: str, *arguments: Any) -> None:
        if error := getattr(self._driver, name)(*arguments):
            raise OpenPoints(f"the GPU has no memory to share: error {error} of {name}")
