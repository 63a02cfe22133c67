"""Shape and dtype of an array that nobody has computed yet."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import GraderError

_DTYPES = (
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
)


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """Shape and dtype of an array.

    Args:
        shape: entries along each axis.
        dtype: its name, which is the same in NumPy and in torch, such as "float32" or "int64".

    Raises:
        GraderError: a size is no whole number or negative, or there is no such dtype.
    """

    shape: tuple[int, ...]
    dtype: str = "float32"

    def __post_init__(self) -> None:
        try:
            shape = tuple(operator.index(size) for size in self.shape)
        except TypeError as error:
            raise GraderError(f"ArraySpec: a shape is a tuple of integers, not {self.shape!r}") from error
        if any(size < 0 for size in shape):
            raise GraderError(f"ArraySpec: no size can be negative, as in {shape}")
        if self.dtype not in _DTYPES:
            raise GraderError(f"ArraySpec: no dtype is called {self.dtype!r}; there are {', '.join(_DTYPES)}")
        object.__setattr__(self, "shape", shape)

    def __str__(self) -> str:
        return f"{self.dtype} {self.shape}"

    @classmethod
    def of(cls, array: Any) -> ArraySpec:
        """Shape and dtype of a NumPy array or of a torch tensor."""
        return cls(tuple(array.shape), str(array.dtype).removeprefix("torch."))


def specs_of(value: Any) -> Iterator[ArraySpec]:
    """Shape and dtype of every NumPy array in a returned value, also inside tuples, lists and dicts."""
    if isinstance(value, np.ndarray):
        yield ArraySpec.of(value)
    elif isinstance(value, tuple | list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from specs_of(part)
