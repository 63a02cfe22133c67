"""Judgements that hidden tests of many tasks make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ..studentkit import Expected, NotClose, StudentError, assert_close, either

# Halfway, in digits, between the rounding errors of float32 and of float64: 2^-14.5.
_HALFWAY = float(np.sqrt(np.finfo(np.float64).eps / np.finfo(np.float32).eps))


def in_float64(want: Any) -> Any:
    """The same right answers, for those who compute in float64 and for nobody else.

    `reference` allows what float32 rounds away. Here the limit lies halfway, in digits, between that and
    what float64 rounds away: 4e-11 where the other is 1e-6. Rounding one number to float32 costs 3e-8.

    Args:
        want: What `reference` gave: an `Expected`, or tuples and dicts of them.

    Returns:
        The same, with the smaller limits.
    """
    if isinstance(want, tuple):
        return tuple(map(in_float64, want))
    if isinstance(want, dict):
        return {name: in_float64(each) for name, each in want.items()}
    return replace(want, limit=want.limit * _HALFWAY) if isinstance(want, Expected) else want


def judge_backward(
    forward: Callable[[], tuple[Any, ...]],
    out: Expected,
    documented: Any,
    judge: Callable[[Any], None],
) -> None:
    """Judge a backward pass on the student's own cache.

    Where their forward pass is wrong, the cache that the docstring names, made by the reference, is
    accepted as well: one mistake is not paid for twice.

    Args:
        forward: Calls the student's forward pass; returns (out, cache).
        out: What its first value should be.
        documented: The cache as the docstring has it, made by the reference.
        judge: Judges the backward pass on a cache it is given; raises NotClose or StudentError.

    Raises:
        NotClose: The backward pass is wrong on each cache that counts.
        StudentError: It raised or returned the wrong kind.
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


def assert_refused(call: Callable[[], Any], why: str, fitting: Callable[[], Any] | None = None) -> None:
    """Assert that a call raises ValueError, and that `fitting`, a call of the same function, does not.

    Whoever refuses everything has refused nothing.

    Args:
        call: Calls the student's function with what it must refuse.
        why: Completes the sentence "no ValueError was raised, although ...".
        fitting: Calls the same function with what it must take.

    Raises:
        AssertionError: Nothing was raised, or another error.
        StudentError: `fitting` raised, or the student's code was stopped.
    """
    if fitting is not None:
        fitting()
    try:
        call()
    except StudentError as error:
        if error.verdict != "error":
            raise
        if "raised ValueError" in str(error).partition(", line ")[0]:  # what follows is the student's
            return
        raise AssertionError(f"{error}; expected ValueError, since {why}") from error
    raise AssertionError(f"no ValueError was raised, although {why}")


def entries(reply: Any, names: tuple[str, ...], what: str) -> dict[str, np.ndarray[Any, Any]]:
    """The named arrays of a dict that the student returned.

    Args:
        reply: What the student's function returned.
        names: Keys that it must have, each an array of real numbers.
        what: What it is called in a message: "gradients".

    Returns:
        Name -> array, without other entries that the dict may have.

    Raises:
        AssertionError: It is no dict, lacks an entry, or holds something else there.
    """
    assert type(reply) is dict, f"{what} is no dict"
    for name in names:
        assert name in reply, f"{what} has no entry {name}"
        value = reply[name]
        plain = isinstance(value, np.ndarray) and value.dtype.kind in "fiu"
        assert plain, f"{what}[{name}] is no array of real numbers"
    return {name: reply[name] for name in names}
