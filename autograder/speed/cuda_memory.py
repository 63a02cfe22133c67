"""Memory of a GPU that other processes can open, from CUDA's driver itself.

Not from torch, whose allocator lends parts of one allocation to many tensors, answers among them, while a
handle opens the whole; and who frees what was shared only when the other side tells that it is done, which a
worker that is killed never does.
"""

from __future__ import annotations

import ctypes
from typing import Any

import torch

from ..errors import OpenPoints

_BLOCK = 2 << 20  # bytes; a smaller allocation shares its block with others, which a handle would open too
_HANDLE = ctypes.c_char * 64


class Allocation:
    """So many bytes of the present GPU, of the value 255 each. Raises OpenPoints where there are none left.

    Whoever opened the handle has to have ended before `free`.
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
