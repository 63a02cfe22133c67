"""Shapes of the tests of convolutional networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlc_lib.arrays import Array
from dlc_lib.windows import output_size


@dataclass(frozen=True)
class ConvCase:
    """One convolution: sizes as the field writes them."""

    id: str
    images: tuple[int, int, int, int]  # N, C, H, W
    filters: tuple[int, int, int]  # F, HH, WW
    stride: int
    pad: int

    def __str__(self) -> str:
        return self.id

    @property
    def options(self) -> dict[str, int]:
        """Keywords of a convolution."""
        return {"stride": self.stride, "pad": self.pad}

    @property
    def window(self) -> dict[str, int]:
        """Keywords of im2col."""
        return {"kernel_height": self.filters[1], "kernel_width": self.filters[2], **self.options}

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """x, w and b."""
        F, HH, WW = self.filters
        shapes = (self.images, (F, self.images[1], HH, WW), (F,))
        x, w, b = (rng.standard_normal(shape) for shape in shapes)
        return x, w, b

    def draw_upstream(self, rng: np.random.Generator) -> Array:
        """Gradient with respect to the output."""
        (N, _, H, W), (F, HH, WW) = self.images, self.filters
        Ho = output_size(H, HH, stride=self.stride, pad=self.pad)
        Wo = output_size(W, WW, stride=self.stride, pad=self.pad)
        return rng.standard_normal((N, F, Ho, Wo))


# An unusual demand stands in one main case at most: windows fit exactly, and one filter is not square.
CONV_MAIN = (
    ConvCase("5x3-by-3x3-pad1", (2, 3, 5, 3), (5, 3, 3), 1, 1),
    ConvCase("6x8-by-2x2-pad0-stride2", (3, 2, 6, 8), (2, 2, 2), 2, 0),
    ConvCase("7x4-by-3x2-pad2-stride2", (2, 2, 7, 4), (3, 3, 2), 2, 2),
)
CONV_EDGE = (
    ConvCase("one-of-each", (1, 1, 5, 3), (1, 2, 2), 1, 0),
    ConvCase("1x1-filter", (2, 3, 3, 5), (2, 1, 1), 1, 0),
    ConvCase("stride3-larger-than-filter", (2, 2, 9, 6), (3, 2, 2), 3, 1),
    ConvCase("filter-fills-image", (2, 3, 4, 3), (2, 4, 3), 1, 0),
    ConvCase("5x8-by-2x3-stride2-with-a-rest", (3, 2, 5, 8), (2, 2, 3), 2, 0),
)
CONV_TOO_LARGE = (
    ConvCase("one-row-too-high", (2, 3, 4, 7), (2, 7, 3), 1, 1),
    ConvCase("one-column-too-wide", (2, 3, 7, 2), (2, 3, 3), 2, 0),
)


@dataclass(frozen=True)
class PoolCase:
    """One max pooling."""

    id: str
    images: tuple[int, int, int, int]  # N, C, H, W
    window: tuple[int, int]  # pool_height, pool_width
    stride: int

    def __str__(self) -> str:
        return self.id

    @property
    def options(self) -> dict[str, int]:
        """Keywords of a pooling."""
        return {"pool_height": self.window[0], "pool_width": self.window[1], "stride": self.stride}

    def draw_positive(self, rng: np.random.Generator) -> Array:
        """The same without a negative entry: where the search for a maximum starts is asked elsewhere."""
        x = self.draw(rng)
        return np.asarray(x - x.min() + 0.2)

    def draw(self, rng: np.random.Generator) -> Array:
        """Images: a pixel that wins every window it lies in, and a window without a positive entry."""
        x = rng.standard_normal(self.images)
        _, _, Ho, Wo = self.outputs
        last = ((Ho - 1) * self.stride, (Wo - 1) * self.stride)
        rows, columns = (slice(start, start + size) for start, size in zip(last, self.window, strict=True))
        x[-1, -1, rows, columns] = -0.2 - rng.random(self.window)
        # The pixel lies in two windows where windows overlap, and in the corner of the first where not.
        row, column = (
            self.stride if self.stride < window and count > 1 else window - 1
            for window, count in zip(self.window, (Ho, Wo), strict=True)
        )
        x[0, 0, row, column] = x.max() + 1
        return x

    @property
    def outputs(self) -> tuple[int, int, int, int]:
        """Shape of the output."""
        N, C, H, W = self.images
        Ho, Wo = (
            output_size(size, window, stride=self.stride)
            for size, window in zip((H, W), self.window, strict=True)
        )
        return N, C, Ho, Wo
