"""Comparisons that say which property failed and by how much, and reveal no value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .kinds import StudentError, TensorData, type_name

# A float32 answer to a float64 question is honest. Rounding of the inputs alone costs 3e-8, summation
# in another order a few times that (measured: norm-relative 9e-8 to 3e-7 over sums of 27 to 4096
# terms). The floor leaves a factor 4 above the largest; a wrong formula is off by 1e-4 and more.
FLOOR = 1e-6
# The reference's own float32 answer is one sample of the rounding error; other orders of summation
# gave up to 8 times it, and the factor leaves 4 times that.
FACTOR = 32.0
CEILING = 1e-3  # beyond this a comparison would accept a wrong formula: the test needs other inputs
_HUGE = 1e100  # memory that was never written may hold numbers whose squares overflow
_LEVELS = 7
_PICTURE = (24, 32)  # rows and columns a picture has at most


@dataclass(frozen=True)
class Expected:
    """A right answer in float64 and the norm-relative error an honest answer may have."""

    value: np.ndarray[Any, np.dtype[Any]]
    limit: float = FLOOR


class NotClose(AssertionError):
    """An answer is not the right one.

    Attributes: name of the output; relative_error ||actual - expected|| / ||expected|| and its limit;
    wrong, the share of wrong entries; levels, a picture of where (0 right to 7 worst); detail for staff;
    actual and expected, where both are numbers. The last three are never for students.
    """

    def __init__(
        self,
        message: str,
        *,
        name: str,
        relative_error: float = float("inf"),
        limit: float = 0.0,
        wrong: float = 1.0,
        levels: tuple[tuple[int, ...], ...] = (),
        detail: str = "",
        actual: np.ndarray[Any, np.dtype[Any]] | None = None,
        expected: np.ndarray[Any, np.dtype[Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.name = name
        self.relative_error = relative_error
        self.limit = limit
        self.wrong = wrong
        self.levels = levels
        self.detail = detail
        self.actual = actual
        self.expected = expected


def reference(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The reference's answer with its tolerance: `Expected` for arrays and numbers, None for the rest.

    The limit is derived: 32 times the gap between the reference in float64 and in float32 on the same
    inputs, at least 1e-6 and at most 1e-3 (norm-relative).
    """
    exact = function(*(_cast(each, np.float64) for each in args), **options)
    with np.errstate(all="ignore"):
        rough = function(*(_cast(each, np.float32) for each in args), **options)
    return _expected(exact, rough)


def _cast(value: Any, dtype: type[np.floating[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(dtype) if value.dtype.kind == "f" else value.copy()
    if isinstance(value, dict):
        return {key: _cast(each, dtype) for key, each in value.items()}
    if type(value) in (tuple, list):
        return type(value)(_cast(each, dtype) for each in value)
    return value


def _expected(exact: Any, rough: Any) -> Any:
    if type(exact) is tuple:
        return tuple(_expected(a, b) for a, b in zip(exact, rough, strict=True))
    if type(exact) is dict:
        return {key: _expected(exact[key], rough[key]) for key in exact}
    if isinstance(exact, np.ndarray | np.generic | float | int):
        value = np.asarray(exact, dtype=np.float64)
        gap = _relative_error(np.asarray(rough, dtype=np.float64), value)
        gap = gap if np.isfinite(gap) else 0.0
        return Expected(value, float(np.clip(FACTOR * gap, FLOOR, CEILING)))
    return None


def _relative_error(actual: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> float:
    scale = float(np.linalg.norm(expected))
    return float(np.linalg.norm(actual - expected)) / (scale or 1.0)


def assert_close(actual: Any, expected: Any, name: str = "the result", limit: float | None = None) -> None:
    """Assert ||actual - expected|| <= limit * ||expected||, after kind, shape and finiteness.

    `expected`: an `Expected`, an array or a number. `limit`: by default the one of `expected`.
    Raises NotClose; its message holds no value of either side.
    """
    want = expected if isinstance(expected, Expected) else Expected(np.asarray(expected, dtype=np.float64))
    bound = want.limit if limit is None else limit
    got = _as_array(actual, name)
    if got.shape != want.value.shape:
        raise NotClose(
            f"{name} has shape {got.shape}; expected {want.value.shape}",
            name=name,
            limit=bound,
            actual=got,
            expected=want.value,
        )
    _assert_finite(got, want.value, name, bound)
    finite = np.isfinite(want.value)
    clean_got = np.clip(np.where(finite, got, 0.0), -_HUGE, _HUGE)
    clean_want = np.where(finite, want.value, 0.0)
    error = _relative_error(clean_got, clean_want)
    if not error <= bound:
        raise _not_close(clean_got, clean_want, name, error, bound)


def _as_array(actual: Any, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    plain = isinstance(actual, np.ndarray) and not isinstance(actual, TensorData)
    if not plain and type(actual) not in (int, float) and not isinstance(actual, np.generic):
        raise NotClose(f"{name} is {type_name(actual)}; expected numbers", name=name)
    array = np.asarray(actual)
    if array.dtype.kind not in "fiub":
        raise NotClose(f"{name} has dtype {array.dtype}; expected real numbers", name=name)
    return array.astype(np.float64)


def _assert_finite(got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], name: str, limit: float) -> None:
    wrong = ~np.isfinite(got) & np.isfinite(want)
    wrong |= ~np.isfinite(want) & ~((got == want) | (np.isnan(got) & np.isnan(want)))
    if wrong.any():
        kinds = {"NaN": np.isnan(got[wrong]).any(), "infinity": np.isinf(got[wrong]).any()}
        what = next((kind for kind, found in kinds.items() if found), "a finite number")
        raise NotClose(
            f"{name} holds {what} where it should not, in {wrong.mean():.0%} of its entries",
            name=name,
            limit=limit,
            wrong=float(wrong.mean()),
            levels=_picture(wrong * 1.0, 0.5),
            actual=got,
            expected=want,
        )


def _not_close(
    got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], name: str, error: float, limit: float
) -> NotClose:
    off = np.abs(got - want)
    scale = float(np.sqrt(np.mean(want**2))) or 1.0
    wrong = float(np.mean(off > limit * scale))
    worst = np.unravel_index(int(np.argmax(off)), off.shape) if off.ndim else ()
    place = tuple(int(i) for i in worst)
    return NotClose(
        f"{name}: relative error {error:.2g}, at most {limit:.0e} accepted; "
        f"{wrong:.0%} of the entries are wrong",
        name=name,
        relative_error=error,
        limit=limit,
        wrong=wrong,
        levels=_picture(off, limit * scale),
        detail=f"worst at {place}: got {got[worst]!r}, expected {want[worst]!r}",
        actual=got,
        expected=want,
    )


def _picture(off: np.ndarray[Any, Any], limit: float) -> tuple[tuple[int, ...], ...]:
    """Errors as levels 0 to 7 over the last two axes: the largest over the others, then over blocks."""
    flat = np.atleast_2d(off)
    flat = flat.reshape(-1, *flat.shape[-2:]).max(axis=0)
    if flat.size == 0:
        return ()
    rows = [block.max(axis=0) for block in np.array_split(flat, min(_PICTURE[0], flat.shape[0]), axis=0)]
    blocks = np.array_split(np.array(rows), min(_PICTURE[1], flat.shape[1]), axis=1)
    grid = np.array([block.max(axis=1) for block in blocks]).T
    top = float(grid.max())
    span = np.log(max(top / limit, 1.0 + 1e-9)) if limit > 0 else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(grid > limit, 1 + np.floor((_LEVELS - 1) * np.log(grid / limit) / span + 1e-9), 0)
    return tuple(tuple(int(x) for x in row) for row in np.clip(level, 0, _LEVELS))


def assert_unchanged(after: Iterable[Any], before: Iterable[Any], names: Iterable[str]) -> None:
    """Assert that a call left its inputs bit for bit as they were."""
    for got, want, name in zip(after, before, names, strict=True):
        if isinstance(want, np.ndarray) and not (
            isinstance(got, np.ndarray) and got.shape == want.shape and got.tobytes() == want.tobytes()
        ):
            raise NotClose(
                f"the call changed its input {name} in place; the caller still needs it", name=name
            )


def either(*attempts: Callable[[], None]) -> None:
    """Pass when one attempt passes; else raise what the first one raised.

    For error carried forward: the student's own cache first, then one made by the reference, so that
    one mistake is not paid for twice.
    """
    first: Exception | None = None
    for attempt in attempts:
        try:
            attempt()
        except (AssertionError, StudentError) as error:
            if isinstance(error, StudentError) and error.verdict != "error":
                raise
            first = first or error
        else:
            return
    if first is not None:
        raise first
