"""Judgements that the tests of hot paths share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from autograder.author import Expected, assert_close
from autograder.replay import Allowance, Replay

_LARGEST = 12.0  # single error / root mean square of the answer, in limits: 5 to 7 was measured, 11 at most


def ran(replay: Replay, module: Any, function: str, allowed: Allowance, *args: Any, **options: Any) -> Any:
    """The answer of a function, run by us. Raises StudentError where it runs what is not allowed."""
    return replay(getattr(module, function), function, allowed, *args, **options)


def assert_right(found: Any, want: Expected, dtype: torch.dtype, name: str) -> None:
    """Assert that an answer has the dtype of the inputs and is close in the mean and everywhere."""
    kind = str(dtype).removeprefix("torch.")
    if isinstance(found, np.ndarray) and found.dtype != kind:
        raise AssertionError(f"{name} has dtype {found.dtype}; expected that of the inputs, {kind}")
    assert_close(found, want, name)
    scale = float(np.linalg.norm(want.value)) / want.value.size**0.5 or 1.0
    off = np.asarray(found) - want.value
    largest = float(np.abs(off, out=off).max(initial=0.0)) / scale
    if not largest <= _LARGEST * want.limit:
        raise AssertionError(f"some entries of {name} are off by far more than rounding explains")


def assert_untouched(
    replay: Replay,
    module: Any,
    function: str,
    allowed: Allowance,
    inputs: Mapping[str, torch.Tensor],
    **options: Any,
) -> Any:
    """The answer; assert that the call left its inputs bit for bit as they were.

    Raises StudentError where it runs what is not allowed.
    """
    target, tensors = getattr(module, function), inputs.values()
    value, after = replay.watch(target, function, allowed, *tensors, **options)
    for got, want, name in zip(after, tensors, inputs, strict=True):
        if got.tobytes() != np.ascontiguousarray(want.numpy()).tobytes():
            raise AssertionError(f"the call changed its input {name} in place; the caller still needs it")
    return value


def assert_same_again(
    replay: Replay, module: Any, function: str, allowed: Allowance, *args: Any, **options: Any
) -> None:
    """Assert that a second run on the same inputs gives the same bits: nothing was left to chance."""
    first, second = (ran(replay, module, function, allowed, *args, **options) for _ in range(2))
    if first.tobytes() != second.tobytes():
        raise AssertionError("two calls on the same inputs give different answers")
