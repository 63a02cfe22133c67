"""What `hot_paths.py` measures: our operations and the vendor's, at the sizes that networks ask for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from dlc_lib import torch_conv, torch_matmul, vendor

ON_GPU = torch.cuda.is_available()
DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "tf32": torch.float32}
EDGES = (2048, 4096, 8192)
# images, channels, edge, filters, window, stride, pad: the layers of a ResNet-50, and two of a VGG
LAYERS = (
    (64, 3, 224, 64, 7, 2, 3), (64, 64, 56, 64, 1, 1, 0), (64, 64, 56, 64, 3, 1, 1),
    (64, 64, 56, 256, 1, 1, 0), (64, 256, 56, 128, 1, 1, 0), (64, 128, 56, 128, 3, 2, 1),
    (64, 128, 28, 128, 3, 1, 1), (64, 256, 56, 512, 1, 2, 0), (64, 256, 28, 256, 3, 2, 1),
    (64, 256, 14, 256, 3, 1, 1), (64, 512, 14, 512, 3, 2, 1), (64, 512, 7, 512, 3, 1, 1),
    (64, 1024, 14, 2048, 1, 2, 0), (32, 64, 112, 128, 3, 1, 1), (32, 256, 56, 256, 3, 1, 1),
)  # fmt: skip
CPU_LAYERS = ((8, 16, 32, 16, 3, 1, 1), (8, 64, 28, 64, 3, 1, 1), (8, 64, 29, 64, 3, 2, 1))
PASSES = ("forward", "backward_data", "backward_weight")
OPERATIONS = ("matmul" if ON_GPU else "outer_matmul", *PASSES)
Call = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """One operation at one size: our call and one or more of the vendor's."""

    op: str
    dtype: str
    shape: str
    flops: float
    ours: Call
    theirs: tuple[Call, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.op, self.dtype, self.shape


def cases(operations: Container[str]) -> Iterator[Case]:
    """All cases of these operations, one after the other; none holds memory once the next is made."""
    if OPERATIONS[0] in operations:
        yield from matmuls()
    for name in PASSES:
        if name in operations:
            yield from (_convolution(name, layer) for layer in (LAYERS if ON_GPU else CPU_LAYERS))


def matmuls() -> Iterator[Case]:
    """Square products."""
    if not ON_GPU:
        for edge in (256, 384, 512):
            a, b = torch.randn(edge, edge), torch.randn(edge, edge)
            theirs = (lambda a=a, b=b: vendor.matmul(a, b),)
            ours = lambda a=a, b=b: torch_matmul.outer_matmul(a, b)  # noqa: E731
            yield Case("outer_matmul", "float32", f"{edge}^3", 2.0 * edge**3, ours, theirs)
        return
    from dlc_lib.triton_matmul import triton_matmul

    for name, edge in ((name, edge) for name in DTYPES for edge in EDGES):
        tf32 = name == "tf32"
        a, b = (torch.randn(edge, edge, device="cuda").to(DTYPES[name]) for _ in range(2))
        ours = lambda a=a, b=b, tf32=tf32: triton_matmul(a, b, tf32=tf32)  # noqa: E731
        theirs = (lambda a=a, b=b, tf32=tf32: vendor.matmul(a, b, tf32=tf32),)
        yield Case("matmul", name, f"{edge}^3", 2.0 * edge**3, ours, theirs)


def _convolution(name: str, layer: tuple[int, ...]) -> Case:
    """Ours on channels-last images; the vendor's on those and on NCHW: no layout is converted by us."""
    n, c, edge, f, window, stride, pad = layer
    outputs = 1 + (edge + 2 * pad - window) // stride
    dtype, device = (torch.float16, "cuda") if ON_GPU else (torch.float32, "cpu")
    shapes = ((n, c, edge, edge), (f, c, window, window), (n, f, outputs, outputs))
    plain = [torch.randn(shape, device=device).to(dtype) for shape in shapes]
    last = [each.contiguous(memory_format=torch.channels_last) for each in plain]
    theirs = tuple(_vendor(name, tensors, layer) for tensors in ((plain, last) if ON_GPU else (plain,)))
    kind, shape = str(dtype).removeprefix("torch."), f"{n}x{c}x{edge}^2 {f}x{window}^2 s{stride}"
    flops = 2.0 * n * outputs**2 * f * c * window**2
    return Case(name, kind, shape, flops, _ours(name, last if ON_GPU else plain, layer), theirs)


def _arguments(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> tuple[Any, dict[str, int]]:
    x, w, dout = tensors
    window = {"stride": layer[5], "pad": layer[6]}
    if name == "forward":
        return (x, w), window
    if name == "backward_data":
        return (dout, w), {"height": layer[2], "width": layer[2], **window}
    return (dout, x), {"kernel_height": layer[4], "kernel_width": layer[4], **window}


def _vendor(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> Call:
    args, options = _arguments(name, tensors, layer)
    return lambda: getattr(vendor, f"conv2d_{name}")(*args, **options)


def _ours(name: str, tensors: list[torch.Tensor], layer: tuple[int, ...]) -> Call:
    args, options = _arguments(name, tensors, layer)
    if not ON_GPU:
        return lambda: getattr(torch_conv, f"conv2d_{name}")(*args, **options)
    from dlc_lib import triton_conv_data, triton_conv_forward, triton_conv_weight

    homes = {"forward": triton_conv_forward, "backward_data": triton_conv_data}
    function = getattr(homes.get(name, triton_conv_weight), f"triton_conv2d_{name}")
    return lambda: function(*args, **options)
