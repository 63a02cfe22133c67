"""Shapes of the tests of convolutional networks, and how replies are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.studentkit import Expected, NotClose, StudentError, assert_close, either
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


CONV_MAIN = (
    ConvCase("5x3-by-3x2-pad1", (2, 3, 5, 3), (5, 3, 2), 1, 1),
    ConvCase("5x8-by-2x3-pad0-stride2", (3, 2, 5, 8), (2, 2, 3), 2, 0),
    ConvCase("6x3-by-3x1-pad2-stride2", (2, 2, 6, 3), (3, 3, 1), 2, 2),
)
CONV_EDGE = (
    ConvCase("one-of-each", (1, 1, 5, 3), (1, 2, 2), 1, 0),
    ConvCase("1x1-filter", (2, 3, 3, 5), (2, 1, 1), 1, 0),
    ConvCase("stride3-larger-than-filter", (2, 2, 8, 5), (3, 2, 2), 3, 1),
    ConvCase("filter-fills-image", (2, 3, 4, 3), (2, 4, 3), 1, 0),
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

    @property
    def outputs(self) -> tuple[int, int, int, int]:
        """Shape of the output."""
        N, C, H, W = self.images
        Ho, Wo = (
            output_size(size, window, stride=self.stride)
            for size, window in zip((H, W), self.window, strict=True)
        )
        return N, C, Ho, Wo


def judge_backward(
    forward: Callable[[], tuple[Any, ...]],
    out: Expected,
    documented: Any,
    judge: Callable[[Any], None],
) -> None:
    """Judge a backward pass on the student's own cache.

    Where their forward pass is wrong, the cache that the docstring names, made by the reference, is
    accepted as well: one mistake is not paid for twice.
    """
    try:
        own = forward()
    except StudentError as error:
        if error.verdict != "error":
            raise
        judge(documented)
        return
    try:
        assert_close(own[0], out)
    except NotClose:
        either(lambda: judge(own[1]), lambda: judge(documented))
    else:
        judge(own[1])


def assert_refused(call: Callable[[], Any], why: str) -> None:
    """Assert that a call raises ValueError."""
    try:
        call()
    except StudentError as error:
        if error.verdict != "error":
            raise
        if "ValueError" in f"{error} {error.detail}":
            return
        raise AssertionError(f"{error}; expected ValueError, since {why}") from error
    raise AssertionError(f"no ValueError was raised, although {why}")


def entries(reply: Any, names: tuple[str, ...], what: str) -> dict[str, Array]:
    """The named arrays of a dict that the student returned."""
    assert type(reply) is dict, f"{what} is no dict"
    for name in names:
        assert name in reply, f"{what} has no entry {name}"
        value = reply[name]
        plain = isinstance(value, np.ndarray) and value.dtype.kind in "fiu"
        assert plain, f"{what}[{name}] is no array of real numbers"
    return {name: reply[name] for name in names}
