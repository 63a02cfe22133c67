"""What is timed of hot paths, and against what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.speed import ArraySpec, Contest, Curve, Rule, Work
from dlc_lib import vendor

from .operations import ON_ENTRIES, WITH_KERNELS, WITH_PRODUCTS

HALF = torch.float16
# Norm-relative error against an exact answer to the same rounded inputs; TF32 rounds the inputs once more.
_LIMITS = {"float32": 1e-5, "tf32": 1e-3, "float16": 5e-4, "bfloat16": 4e-3}
_BEYOND_HALF = 2.0**20  # float16 has the mantissa of TF32 and is twice as fast, but ends at 2^16
_DTYPES = {"float32": torch.float32, "tf32": torch.float32, "float16": HALF, "bfloat16": torch.bfloat16}
# The bonus asks for nine tenths of the vendor's library, which on a GPU a good kernel reaches.
_ON_CPU = Curve(start=0.1, full=0.85, step=1.5)
_ON_GPU = Curve(start=0.1, full=0.85, step=1.15, bonus_at=0.9)
_GPU_RULE = Rule(precision=0.01, least=20, most=200, heat=200, seconds=6.0, unstable=0.05)

Inputs = tuple[tuple[torch.Tensor, ...], dict[str, Any]]


def normal(rng: np.random.Generator, shape: tuple[int, ...], dtype: torch.dtype, device: str) -> torch.Tensor:
    """Standard normal numbers made on a device, from a seed that `rng` gives."""
    source = torch.Generator(device).manual_seed(int(rng.integers(1 << 62)))
    return torch.randn(shape, generator=source, dtype=torch.float32, device=device).to(dtype)


def exact(value: torch.Tensor) -> torch.Tensor:
    """Inputs in the arithmetic of the right answer: two classes above their own."""
    return value.double() if value.dtype == torch.float32 else value.float()


def check(found: Any, want: torch.Tensor, limit: float) -> None:
    """Raise AssertionError where a timed answer is wrong, in the mean or anywhere."""
    got = torch.as_tensor(found, device=want.device)
    assert got.shape == want.shape, f"a timed call gave shape {tuple(got.shape)}, not {tuple(want.shape)}"
    difference = got.to(want.dtype) - want
    scale = float(want.norm()) or 1.0
    error = float(difference.norm()) / scale
    largest = float(difference.abs().max()) / (scale / want.numel() ** 0.5)
    # Written so that NaN fails.
    assert error <= limit, f"the answer of a timed call has a relative error of {error:.2g}"
    assert largest <= 12 * limit, "some entries of a timed call are off by far more than rounding explains"


@dataclass(frozen=True)
class Matmul:
    """A product of two square matrices."""

    edge: int
    arithmetic: str = "float32"

    def __str__(self) -> str:
        return f"{self.edge}³"

    @property
    def work(self) -> Work:
        """Two operations for each product; three matrices touched once."""
        return Work(2.0 * self.edge**3, 3.0 * self.edge**2 * _DTYPES[self.arithmetic].itemsize)

    def draw(self, rng: np.random.Generator, device: str) -> Inputs:
        """Both factors; for TF32 one is too large for float16, and the other too small."""
        dtype, shape = _DTYPES[self.arithmetic], (self.edge, self.edge)
        a, b = (normal(rng, shape, dtype, device) for _ in range(2))
        if self.arithmetic != "tf32":
            return (a, b), {}
        scale = _BEYOND_HALF if rng.random() < 0.5 else 1 / _BEYOND_HALF
        return (a * scale, b / scale), {"tf32": True}

    def empty(self, args: tuple[torch.Tensor, ...], _options: Mapping[str, Any]) -> ArraySpec:
        """As many rows as the first factor, and columns as the second."""
        a, b = args
        return ArraySpec((a.shape[0], b.shape[1]), ArraySpec.of(a).dtype)

    def answer(self, args: tuple[torch.Tensor, ...], _options: Mapping[str, Any]) -> torch.Tensor:
        """By the library, in a wider arithmetic."""
        return vendor.matmul(*map(exact, args))

    def check(self, found: Any, answer: torch.Tensor) -> None:
        """Raise where the product is wrong."""
        check(found, answer, _LIMITS[self.arithmetic])


@dataclass(frozen=True)
class Conv:
    """One pass of a convolution with square images and filters."""

    images: int
    channels: int
    edge: int
    filters: int
    window: int = 3
    stride: int = 1
    pad: int = 1
    pass_: str = "forward"  # or "backward_data", "backward_weight"
    arithmetic: str = "float32"

    def __str__(self) -> str:
        return f"{self.images}×{self.channels}×{self.edge}², {self.filters} of {self.window}²"

    @property
    def outputs(self) -> int:
        """Rows and columns of the result."""
        return 1 + (self.edge + 2 * self.pad - self.window) // self.stride

    @property
    def _shapes(self) -> dict[str, tuple[int, ...]]:
        return {
            "x": (self.images, self.channels, self.edge, self.edge),
            "w": (self.filters, self.channels, self.window, self.window),
            "dout": (self.images, self.filters, self.outputs, self.outputs),
        }

    @property
    def work(self) -> Work:
        """Two operations for each product; three tensors touched once."""
        pixels = self.images * self.outputs**2
        taps = self.channels * self.window**2
        entries = self.images * self.channels * self.edge**2 + pixels * self.filters + self.filters * taps
        return Work(2.0 * pixels * self.filters * taps, float(entries * _DTYPES[self.arithmetic].itemsize))

    def draw(self, rng: np.random.Generator, device: str) -> Inputs:
        """The two tensors that the pass multiplies, and its sizes."""
        dtype, window = _DTYPES[self.arithmetic], {"stride": self.stride, "pad": self.pad}
        names, sizes = {
            "forward": (("x", "w"), {}),
            "backward_data": (("dout", "w"), {"height": self.edge, "width": self.edge}),
            "backward_weight": (("dout", "x"), {"kernel_height": self.window, "kernel_width": self.window}),
        }[self.pass_]
        options = {**sizes, **window, **({"tf32": True} if self.arithmetic == "tf32" else {})}
        return tuple(normal(rng, self._shapes[name], dtype, device) for name in names), options

    def empty(self, args: tuple[torch.Tensor, ...], _options: Mapping[str, Any]) -> ArraySpec:
        """The output, or what has the shape of the tensor whose gradient it is."""
        name = {"forward": "dout", "backward_data": "x", "backward_weight": "w"}[self.pass_]
        return ArraySpec(self._shapes[name], ArraySpec.of(args[0]).dtype)

    def answer(self, args: tuple[torch.Tensor, ...], options: Mapping[str, Any]) -> torch.Tensor:
        """By the library, in a wider arithmetic."""
        sizes = {name: value for name, value in options.items() if name != "tf32"}
        found: torch.Tensor = getattr(vendor, f"conv2d_{self.pass_}")(*map(exact, args), **sizes)
        return found

    def check(self, found: Any, answer: torch.Tensor) -> None:
        """Raise where the result is wrong."""
        check(found, answer, _LIMITS[self.arithmetic])


def _torch_conv(pass_: str) -> Contest:
    sizes = tuple(Conv(images, 64, 28, 64, pass_=pass_) for images in (6, 12))
    name = f"conv2d_{pass_}"
    return Contest("torch_conv", name, sizes, vendor=name, allows=WITH_PRODUCTS, curve=_ON_CPU)


def _triton_conv(pass_: str) -> Contest:
    sizes = tuple(Conv(images, 256, 56, 256, pass_=pass_, arithmetic="float16") for images in (16, 64, 256))
    module = f"triton_conv_{pass_.removeprefix('backward_')}"
    return Contest(
        module,
        f"triton_conv2d_{pass_}",
        sizes,
        vendor=f"conv2d_{pass_}",
        allows=WITH_KERNELS,
        arithmetic="float16",
        curve=_ON_GPU,
        rule=_GPU_RULE,
    )


def _triton_matmul(arithmetic: str, *edges: int) -> Contest:
    return Contest(
        "triton_matmul",
        "triton_matmul",
        tuple(Matmul(edge, arithmetic) for edge in edges),
        vendor="matmul",
        allows=WITH_KERNELS,
        arithmetic=arithmetic,
        curve=_ON_GPU,
        rule=_GPU_RULE,
    )


PASSES = ("forward", "backward_data", "backward_weight")
OUTER_MATMUL = Contest(
    "torch_matmul",
    "outer_matmul",
    (Matmul(320), Matmul(416), Matmul(528)),  # of which the smallest takes 3 ms
    vendor="matmul",
    allows=ON_ENTRIES,
    curve=_ON_CPU,
    suspicious=0.5,  # the library blocks for registers too, which operations on entries cannot
)
TORCH_CONV = tuple(_torch_conv(pass_) for pass_ in PASSES)
TRITON_MATMUL = (_triton_matmul("float16", 2048, 4096, 8192), _triton_matmul("tf32", 2048, 4096, 8192))
TRITON_CONV = tuple(_triton_conv(pass_) for pass_ in PASSES)
