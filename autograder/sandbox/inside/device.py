"""Functions run on buffers that the grader owns, on a GPU or, where there is none, in shared memory.

The grader fills inputs, and reads the output itself: nothing that is timed or checked has to be believed.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

import torch

UNFIT = "was returned; expected"  # in what is said of an answer of another form
_PEERS = 1  # CU_IPC_MEM_LAZY_ENABLE_PEER_ACCESS, the only flag there is


class Device:
    """The buffers of one worker."""

    def __init__(self) -> None:
        self._buffers: dict[str, torch.Tensor] = {}

    def attach(self, name: str, share: dict[str, Any]) -> None:
        """Open a buffer that the grader shares, as `speed/buffers.py` describes it."""
        if name in self._buffers:
            return
        if "path" in share:
            flat = torch.from_file(share["path"], shared=True, size=share["bytes"], dtype=torch.uint8)
        else:
            flat = torch.as_tensor(_Opened(bytes.fromhex(share["handle"]), share["bytes"]), device="cuda")
        whole = flat.view(getattr(torch, share["dtype"]))
        self._buffers[name] = whole.as_strided(tuple(share["shape"]), tuple(share["stride"]))

    def run(
        self, function: Callable[..., Any], inputs: list[str], options: dict[str, Any], output: str
    ) -> float:
        """Call on input buffers and copy the result into the output buffer; seconds by events.

        Returns only once all work on every stream of this process has ended. Raises TypeError where the
        result is no plain tensor of the shape and dtype of the buffer.
        """
        target = self._buffers[output]
        stop = _clock(target.device.type)
        result = function(*(self._buffers[name] for name in inputs), **options)
        if type(result) is not torch.Tensor:
            raise TypeError(f"a {type(result).__name__} {UNFIT} a tensor")
        if result.shape != target.shape or result.dtype != target.dtype:
            raise TypeError(
                f"a tensor of shape {tuple(result.shape)} and {result.dtype} {UNFIT} "
                f"{tuple(target.shape)} and {target.dtype}"
            )
        target.copy_(result)
        return stop()


class _Handle(ctypes.Structure):
    """CUipcMemHandle."""

    _fields_ = (("reserved", ctypes.c_char * 64),)


class _Opened:
    """Memory of another process, on the GPU, as long as this process lives. Raises RuntimeError."""

    def __init__(self, handle: bytes, size: int) -> None:
        torch.cuda.synchronize()  # makes torch's context the one of this thread
        address, driver = ctypes.c_uint64(), ctypes.CDLL("libcuda.so.1")
        open_ = driver.cuIpcOpenMemHandle_v2
        open_.argtypes = [ctypes.POINTER(ctypes.c_uint64), _Handle, ctypes.c_uint]
        if error := open_(ctypes.byref(address), _Handle.from_buffer_copy(handle), _PEERS):
            raise RuntimeError(f"the GPU's driver shares no memory with this process: error {error}")
        self._view = {"shape": (size,), "typestr": "|u1", "data": (address.value, False), "version": 3}

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return self._view


def _clock(kind: str) -> Callable[[], float]:
    """Starts now; the function it gives waits for all work and tells the seconds."""
    if kind != "cuda":
        begun = time.perf_counter()
        return lambda: time.perf_counter() - begun
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()

    def stop() -> float:
        torch.cuda.synchronize()  # before the second event: work on other streams must count
        end.record()
        torch.cuda.synchronize()
        return float(start.elapsed_time(end)) / 1e3

    return stop
