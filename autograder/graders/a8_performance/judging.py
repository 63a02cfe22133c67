"""Judgements that the tests of hot paths share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from autograder.studentkit import Expected, assert_close
from autograder.timing import Allowance, refuse_operations

_LARGEST = 12.0  # single error / root mean square of the answer, in limits: 5 to 7 was measured, 11 at most


def ran(module: Any, function: str, allowed: Allowance, *args: Any, **options: Any) -> Any:
    """The answer of a function that runs nothing but what is allowed. Raises StudentError otherwise."""
    value, names, _ = getattr(module, function).trace(*args, **options)
    refuse_operations(names, allowed, function)
    return value


def assert_right(found: Any, want: Expected, dtype: torch.dtype, name: str) -> None:
    """Assert that an answer has the dtype of the inputs and is close in the mean and everywhere."""
    kind = str(dtype).removeprefix("torch.")
    if isinstance(found, np.ndarray) and found.dtype != kind:
        raise AssertionError(f"{name} has dtype {found.dtype}; expected that of the inputs, {kind}")
    assert_close(found, want, name)
    scale = float(np.sqrt(np.mean(want.value**2))) or 1.0
    largest = float(np.abs(np.asarray(found, np.float64) - want.value).max(initial=0.0)) / scale
    if not largest <= _LARGEST * want.limit:
        raise AssertionError(f"some entries of {name} are off by far more than rounding explains")


def assert_untouched(
    module: Any, function: str, allowed: Allowance, inputs: Mapping[str, torch.Tensor], **options: Any
) -> Any:
    """The answer; assert that the call left its inputs bit for bit as they were.

    Raises StudentError where it runs what is not allowed.
    """
    kept = [each.numpy().copy() for each in inputs.values()]
    value, names, after = getattr(module, function).trace(*inputs.values(), **options)
    refuse_operations(names, allowed, function)
    for got, want, name in zip(after, kept, inputs, strict=True):
        if np.asarray(got).tobytes() != np.ascontiguousarray(want).tobytes():
            raise AssertionError(f"the call changed its input {name} in place; the caller still needs it")
    return value


def assert_same_again(function: Any, args: tuple[Any, ...], **options: Any) -> None:
    """Assert that a second call on the same inputs gives the same bits: nothing was left to chance."""
    first, second = function(*args, **options), function(*args, **options)
    if first.tobytes() != second.tobytes():
        raise AssertionError("two calls on the same inputs give different answers")
