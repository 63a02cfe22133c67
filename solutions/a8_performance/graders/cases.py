"""Shapes of the tests of hot paths, their right answers, and how far from them an honest answer may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.author import Expected
from dlc_lib import vendor
from dlc_lib.windows import output_size

Array = np.ndarray[Any, np.dtype[Any]]

# Norm-relative error against float64 on the inputs as they were rounded. Measured: float32 sums of up to
# 4096 products 2.6e-7; float16 in and out with float32 sums 2.0e-4; float16 sums 1.2e-3 and more.
LIMITS = {torch.float64: 1e-12, torch.float32: 1e-5, torch.float16: 5e-4}


@dataclass(frozen=True)
class MatmulCase:
    """A product of (M, K) and (K, N)."""

    id: str
    sizes: tuple[int, int, int]  # M, K, N
    dtype: torch.dtype = torch.float32
    transposed: str = ""  # factors whose columns lie one after the other in memory: "a", "b", "ab"
    positive: bool = False  # nothing cancels: a single entry near 0 would have any relative error

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Both factors: a and b."""
        M, K, N = self.sizes
        a = normal(rng, (K, M), self.dtype).T if "a" in self.transposed else normal(rng, (M, K), self.dtype)
        b = normal(rng, (N, K), self.dtype).T if "b" in self.transposed else normal(rng, (K, N), self.dtype)
        return (a.abs(), b.abs()) if self.positive else (a, b)

    def answer(self, a: torch.Tensor, b: torch.Tensor) -> Expected:
        """The library's, in float64."""
        return expected(vendor.matmul(a.double(), b.double()), self.dtype)


@dataclass(frozen=True)
class ConvCase:
    """A convolution: sizes as the field writes them."""

    id: str
    images: tuple[int, int, int, int]  # N, C, H, W
    filters: tuple[int, int, int]  # F, HH, WW
    stride: int = 1
    pad: int = 0
    dtype: torch.dtype = torch.float32
    channels_last: bool = False  # in memory

    def __str__(self) -> str:
        return self.id

    @property
    def window(self) -> dict[str, Any]:
        """Keywords of every pass."""
        return {"stride": self.stride, "pad": self.pad}

    @property
    def size(self) -> dict[str, Any]:
        """Keywords of the gradient with respect to images."""
        return {"height": self.images[2], "width": self.images[3], **self.window}

    @property
    def kernel(self) -> dict[str, Any]:
        """Keywords of the gradient with respect to filters."""
        return {"kernel_height": self.filters[1], "kernel_width": self.filters[2], **self.window}

    def draw(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x, w and dout."""
        (N, C, H, W), (F, HH, WW) = self.images, self.filters
        Ho, Wo = output_size(H, HH, **self.window), output_size(W, WW, **self.window)
        shapes = (self.images, (F, C, HH, WW), (N, F, Ho, Wo))
        x, w, dout = (normal(rng, shape, self.dtype) for shape in shapes)
        if not self.channels_last:
            return x, w, dout
        last = torch.channels_last
        return x.contiguous(memory_format=last), w.contiguous(memory_format=last), dout

    def draw_unfit(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """X and w, whatever their sizes."""
        shapes = (self.images, (self.filters[0], self.images[1], *self.filters[1:]))
        x, w = (normal(rng, shape, self.dtype) for shape in shapes)
        return x, w

    def forward(self, x: torch.Tensor, w: torch.Tensor) -> Expected:
        """The library's output, in float64."""
        return expected(vendor.conv2d_forward(x.double(), w.double(), **self.window), self.dtype)

    def data(self, dout: torch.Tensor, w: torch.Tensor) -> Expected:
        """The library's gradient with respect to images, in float64."""
        return expected(vendor.conv2d_backward_data(dout.double(), w.double(), **self.size), self.dtype)

    def weight(self, dout: torch.Tensor, x: torch.Tensor) -> Expected:
        """The library's gradient with respect to filters, in float64."""
        return expected(vendor.conv2d_backward_weight(dout.double(), x.double(), **self.kernel), self.dtype)


def normal(rng: np.random.Generator, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """Standard normal numbers, rounded to a dtype."""
    return torch.from_numpy(rng.standard_normal(shape)).to(dtype)


def expected(value: torch.Tensor, dtype: torch.dtype) -> Expected:
    """A right answer with the limit of a dtype."""
    return Expected(value.numpy(), LIMITS[dtype])


HALF = torch.float16
DOUBLE = torch.float64
MATMUL_MAIN = (
    MatmulCase("7x5-by-5x11", (7, 5, 11), DOUBLE),
    MatmulCase("33x64-by-64x17", (33, 64, 17), DOUBLE),
    MatmulCase("float32", (31, 130, 29)),
)
MATMUL_EDGE = (
    MatmulCase("one-of-each", (1, 1, 1), DOUBLE),
    MatmulCase("row-by-column", (1, 37, 1), DOUBLE, positive=True),
    MatmulCase("column-by-row", (19, 1, 23), DOUBLE),
    MatmulCase("wide", (5, 2, 262_147), DOUBLE),
    MatmulCase("transposed", (13, 21, 8), DOUBLE, "ab"),
)
TRITON_MATMUL_MAIN = (
    MatmulCase("64x64", (64, 64, 64)),
    MatmulCase("half-64x96-by-96x32", (64, 96, 32), HALF),
    MatmulCase("61x37-by-37x53", (61, 37, 53)),
    MatmulCase("half-43x71-by-71x29", (43, 71, 29), HALF),
    MatmulCase("several-tiles", (131, 70, 67)),
    MatmulCase("half-transposed", (67, 35, 131), HALF, "ab"),
)
TRITON_MATMUL_EDGE = (
    MatmulCase("one-of-each", (1, 1, 1)),
    MatmulCase("row-by-column", (1, 131, 1), positive=True),
    MatmulCase("column-by-row", (67, 1, 35)),
    MatmulCase("a-transposed", (37, 41, 23), HALF, "a"),
    MatmulCase("b-transposed", (23, 41, 37), torch.float32, "b"),
)
CONV_MAIN = (
    ConvCase("7x5-by-3x2-pad1", (2, 3, 7, 5), (5, 3, 2), 1, 1, DOUBLE),
    ConvCase("9x8-by-2x3-stride2", (3, 2, 9, 8), (4, 2, 3), 2, 0, DOUBLE),
    ConvCase("6x7-by-3x3-pad1-stride2-float32", (2, 5, 6, 7), (3, 3, 3), 2, 1),
)
CONV_EDGE = (
    ConvCase("one-of-each", (1, 1, 5, 3), (1, 2, 2), 1, 0, DOUBLE),
    ConvCase("1x1-filter", (2, 3, 3, 5), (2, 1, 1), 1, 0, DOUBLE),
    ConvCase("stride3-larger-than-filter", (2, 2, 8, 7), (3, 2, 2), 3, 2, DOUBLE),
    ConvCase("filter-fills-image", (2, 3, 4, 3), (2, 4, 3), 1, 0, DOUBLE),
    ConvCase("channels-last-in-memory", (2, 3, 7, 5), (4, 3, 2), 1, 1, DOUBLE, channels_last=True),
)
TRITON_CONV_MAIN = (
    ConvCase("7x5-by-3x2-pad1", (2, 3, 7, 5), (5, 3, 2), 1, 1),
    ConvCase("half-9x8-by-2x3-stride2", (1, 4, 9, 8), (6, 2, 3), 2, 0, HALF),
    ConvCase("6x7-by-3x3-pad1-stride2", (2, 5, 6, 7), (3, 3, 3), 2, 1),
    ConvCase("half-35-channels", (1, 35, 5, 4), (34, 3, 3), 1, 1, HALF),
)
TRITON_CONV_EDGE = (
    ConvCase("one-of-each", (1, 1, 5, 3), (1, 2, 2)),
    ConvCase("1x1-filter", (2, 3, 3, 5), (2, 1, 1)),
    ConvCase("1x1-filter-pad1", (1, 3, 3, 2), (2, 1, 1), 1, 1),
    ConvCase("1x1-filter-stride2", (2, 3, 3, 5), (2, 1, 1), 2),
    ConvCase("2x1-filter", (1, 3, 4, 2), (2, 2, 1)),
    ConvCase("1x2-filter-several-tiles", (1, 66, 2, 3), (67, 1, 2)),
    ConvCase("5x5-filter-of-few-channels", (1, 3, 6, 5), (2, 5, 5)),
    ConvCase("stride3-larger-than-filter", (2, 2, 8, 7), (3, 2, 2), 3, 1),
    ConvCase("filter-fills-image", (2, 3, 4, 3), (2, 4, 3)),
    ConvCase("channels-last-in-memory", (2, 3, 7, 5), (4, 3, 2), 1, 1, HALF, channels_last=True),
)
TRITON_LONG_SUM = ConvCase("long-sum", (1, 2, 33, 33), (2, 2, 2))  # which some cut into parts
MATMUL_UNFIT = (((2, 3), (4, 2)), ((3,), (3, 2)), ((2, 2, 2), (2, 2)))
CONV_TOO_LARGE = (
    ConvCase("taller", (1, 2, 3, 6), (1, 6, 2), 1, 1),
    ConvCase("wider", (2, 1, 6, 2), (2, 2, 3), 2, 0),
)
