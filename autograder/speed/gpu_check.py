"""Whether a GPU can be reached from a sandbox: a worker of ours is asked before a student's is."""

from __future__ import annotations

from typing import Any, Protocol

import torch

from ..errors import OpenPoints, SandboxError
from ..studentkit.kinds import StudentError
from .buffers import Buffers

MODULE = "gpu_check"  # of a worker of ours, with one of these texts
TEXTS = {
    "cpu": """
def doubled(x):
    return 2 * x
""",
    # The compiler, the assembler, the driver and what launches a kernel all have to be there.
    "cuda": """
import torch
import triton
import triton.language as tl

@triton.jit
def kernel(x_ptr, out_ptr, SIZE: tl.constexpr):
    places = tl.arange(0, SIZE)
    tl.store(out_ptr + places, 2 * tl.load(x_ptr + places))

def doubled(x):
    out = torch.empty_like(x)
    kernel[(1,)](x, out, SIZE=x.numel())
    return out
""",
}
_SIZE = 256
_WAIT_S = 120.0  # for CUDA to start and Triton to compile
_DETAIL = 300  # characters of what went wrong


class Worker(Protocol):
    """The proxy of module `gpu_check` behind the sandbox's border."""

    gpu_check: Any

    def allow(self, seconds: float) -> None:
        """How long the present test may take from now on."""

    def attach(self, name: str, share: dict[str, Any]) -> None:
        """Open a buffer."""


def check_gpu(worker: Worker, side: str, buffers: Buffers) -> None:
    """Raise OpenPoints, with the reason, unless the worker computes on memory that is shared with it."""
    try:
        arrived = _arrived(worker, side, buffers)
    except (StudentError, SandboxError, RuntimeError) as error:  # RuntimeError: of our own use of the GPU
        raise OpenPoints(_unusable(_told(error))) from error
    if not arrived:
        raise OpenPoints(_unusable("what it wrote into shared memory did not arrive"))


def _arrived(worker: Worker, side: str, buffers: Buffers) -> bool:
    value = torch.arange(1.0, 1.0 + _SIZE, device=buffers.kind)
    given, wanted = (buffers.like(side, f"check-{use}", value) for use in ("in", "out"))
    given.tensor.copy_(value)
    if buffers.kind == "cuda":
        torch.cuda.synchronize()
    worker.allow(_WAIT_S)
    for buffer in (given, wanted):
        worker.attach(buffer.name, buffer.share)
    worker.gpu_check.doubled.run([given.name], {}, wanted.name)
    return torch.equal(wanted.tensor, 2 * value)


def _told(error: Exception) -> str:
    """What went wrong in our own worker: the last line of its traceback, where there is one."""
    lines = getattr(error, "detail", "").strip().splitlines()
    return f"{error}: {lines[-1]}"[:_DETAIL] if lines else str(error)


def _unusable(why: str) -> str:
    return f"a worker in the sandbox cannot use the GPU of this machine: {why}"
