"""PyTorch, computing on processors."""

from __future__ import annotations

import sys
from typing import Any

from .framework import ArrayData, Arrays, Build, Framework, Numbers


class TensorData(ArrayData):
    """The numbers of a torch tensor."""

    kind = "tensor"
    said = "a torch tensor"


def _types() -> tuple[type, ...]:
    torch = sys.modules.get("torch")
    return (torch.Tensor, torch.nn.Parameter) if torch else ()


def _numbers(tensor: Any) -> Numbers:
    plain = tensor.detach().cpu().resolve_conj().resolve_neg()  # which numpy cannot put off
    # numpy has no bfloat16
    numbers: Numbers = (plain.float() if str(plain.dtype) == "torch.bfloat16" else plain).numpy()
    return numbers


def _make(numbers: Numbers) -> Any:
    return sys.modules["torch"].from_numpy(numbers)


def _copy(tensor: Any) -> Any:
    return tensor.clone()


def _prepare() -> None:
    torch = sys.modules["torch"]
    torch.set_num_threads(1)  # a fork of a process whose torch has threads hangs
    # With its first operation torch asks the system which instructions the processor has; a worker
    # gets no answer, and would compute several times more slowly for it.
    torch.ones(1).add_(1)


def _seed(seed: int) -> None:
    sys.modules["torch"].manual_seed(seed)


TORCH = Framework(
    name="torch",
    requirement="torch>=2.0",
    preload=("torch._dynamo", "torch.optim", "torch.autograd.profiler_legacy"),
    adopted=True,
    build=Build("2.13.0", "https://download.pytorch.org/whl/cpu"),
    prepare=_prepare,
    seed=_seed,
    arrays=Arrays(TensorData, _types, _numbers, _make, _copy),
    out_of_memory=("DefaultCPUAllocator: can't allocate memory", "CUDA out of memory"),
    no_device=(
        *("Torch not compiled with CUDA enabled", "Found no NVIDIA driver", "No CUDA GPUs are available"),
        *("invalid device ordinal", "CUDA error: no CUDA-capable device"),
    ),
)
