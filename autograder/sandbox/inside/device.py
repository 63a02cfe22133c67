"""Functions run on buffers that the grader owns, on a GPU or, where there is none, in shared memory.

The grader fills inputs, and reads the output itself: nothing that is timed or checked has to be believed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch


class Device:
    """The buffers of one worker."""

    def __init__(self) -> None:
        self._buffers: dict[str, torch.Tensor] = {}

    def attach(self, name: str, share: dict[str, Any]) -> None:
        """Open a buffer that the grader shares, as `timing/buffers.py` describes it."""
        dtype, size = getattr(torch, share["dtype"]), tuple(share["shape"])
        if "path" in share:
            flat = torch.from_file(share["path"], shared=True, size=share["count"], dtype=dtype)
            self._buffers[name] = flat.as_strided(size, tuple(share["stride"]))
            return
        torch.cuda._lazy_init()
        storage = torch.UntypedStorage._new_shared_cuda(*(_raw(each) for each in share["handle"]))
        self._buffers[name] = torch.empty(0, dtype=dtype, device="cuda").set_(
            storage, share["offset"], size, tuple(share["stride"])
        )

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
            raise TypeError(f"a {type(result).__name__} was returned; expected a tensor")
        if result.shape != target.shape or result.dtype != target.dtype:
            raise TypeError(
                f"a tensor of shape {tuple(result.shape)} and {result.dtype} was returned; expected "
                f"{tuple(target.shape)} and {target.dtype}"
            )
        target.copy_(result)
        return stop()

    def profile(self, function: Callable[..., Any], inputs: list[str], options: dict[str, Any]) -> list[str]:
        """Names of the kernels that one call ran on the GPU."""
        from torch.profiler import ProfilerActivity, profile

        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
            function(*(self._buffers[name] for name in inputs), **options)
            torch.cuda.synchronize()
        events = [event for event in seen.events() or () if str(event.device_type).endswith("CUDA")]
        return sorted({event.name[:200] for event in events})


def _raw(value: Any) -> Any:
    return bytes.fromhex(value[4:]) if isinstance(value, str) and value.startswith("hex:") else value


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
