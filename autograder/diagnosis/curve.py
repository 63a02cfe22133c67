"""Error of a gradient against the step of finite differences: it tells a wrong formula from float noise.

The slope of a function along a direction v is measured by central differences with steps from 1 to 1e-10
and compared with ⟨gradient, v⟩. For a right gradient the difference falls with the square of the step and
then rises again by rounding: a valley. For a wrong formula it stays where it is, however small the step.

Only our own functions are run: the reference's, recorded while the failed test runs on them. Of the student
there is the gradient that failed its comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..studentkit import Local, NotClose
from ..studentkit.guarded import unguard
from ..studentkit.kinds import Kind

STEPS = tuple(10.0**-power for power in range(11))
_AGREES = 1e-5  # best error of a gradient that is the slope of the function in question
_FLOOR = 1e-16
Curve = tuple[tuple[float, ...], ...]  # (step, error of the student's gradient, of the right one)


@dataclass(frozen=True)
class Call:
    """One call of a function of the reference."""

    function: Callable[..., Any]
    name: str
    args: tuple[Any, ...]
    options: dict[str, Any]
    result: Any

    @property
    def outputs(self) -> tuple[Any, ...]:
        """What it returned, as a tuple."""
        return self.result if type(self.result) is tuple else (self.result,)


@dataclass
class Recorder:
    """Runs the reference in a student's place, and records the calls."""

    load: Callable[[str], Any]
    kind: Callable[[str, str], Kind]
    calls: list[Call] = field(default_factory=list)

    def student(self) -> Local:
        """The recording `student` fixture."""
        return Local(lambda module: _Watched(self.load(module), self.calls), self.kind, wrap=True)


class _Watched:
    def __init__(self, module: Any, calls: list[Call]) -> None:
        self._module = module
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._module, name)
        if isinstance(function, type) or not callable(function):
            return function

        def call(*args: Any, **options: Any) -> Any:
            result = function(*args, **options)
            self._calls.append(Call(function, name, args, options, result))
            return result

        return call


def curve(error: BaseException, calls: Sequence[Call]) -> Curve:
    """The curve of a gradient that failed, if the calls tell what it is a gradient of; else nothing."""
    if not isinstance(error, NotClose) or error.actual is None or error.expected is None:
        return ()
    wrong, right = error.actual, error.expected
    if wrong.shape != right.shape or not right.any() or not np.isfinite(wrong).all():
        return ()
    direction = np.random.default_rng(0).standard_normal(right.shape)
    scale = float(np.linalg.norm(right) * np.linalg.norm(direction))
    for value, start in _candidates(calls, right):
        with np.errstate(all="ignore"):
            slopes = [_slope(value, start, direction, step) for step in STEPS]
        errors = [_measured(slopes, gradient, direction, scale) for gradient in (wrong, right)]
        if min(errors[1]) < _AGREES:
            return tuple(zip(STEPS, *errors, strict=True))
    return ()


def _measured(slopes: list[float], gradient: Any, direction: Any, scale: float) -> list[float]:
    found = [abs(slope - float((gradient * direction).sum())) / scale for slope in slopes]
    # Two digits: the picture needs no more, and a hidden number could be told by sixteen.
    return [float(f"{max(each, _FLOOR):.1e}") if np.isfinite(each) else 1.0 for each in found]


def _slope(value: Callable[[Any], float], start: Any, direction: Any, step: float) -> float:
    try:
        return (value(start + step * direction) - value(start - step * direction)) / (2 * step)
    except (ValueError, IndexError, FloatingPointError):
        return float("nan")


def _candidates(calls: Sequence[Call], gradient: Any) -> list[tuple[Callable[[Any], float], Any]]:
    """Functions of one array of the gradient's shape, whose slope the gradient may be."""
    found = []
    for call in calls:
        for value in _scalars(call, calls):
            for place, start in enumerate(value.args):
                if (
                    isinstance(start, np.ndarray)
                    and start.shape == gradient.shape
                    and start.dtype.kind == "f"
                ):
                    found.append((value.at(place), start))
    return found


@dataclass(frozen=True)
class _Scalar:
    """Σ of outputs times what came upstream, as a function of one argument."""

    call: Call
    weights: tuple[Any, ...]

    @property
    def args(self) -> tuple[Any, ...]:
        return self.call.args

    def at(self, place: int) -> Callable[[Any], float]:
        def value(array: Any) -> float:
            args = (*self.args[:place], array, *self.args[place + 1 :])
            result = self.call.function(*args, **self.call.options)
            outputs = result if type(result) is tuple else (result,)
            return sum(
                float(np.sum(out * weight)) for out, weight in zip(outputs, self.weights, strict=False)
            )

        return value


def _scalars(call: Call, calls: Sequence[Call]) -> list[_Scalar]:
    """A loss is one itself; a forward pass is one with the upstream of a backward pass on its cache."""
    if isinstance(call.outputs[0], float):
        return [_Scalar(call, (1.0,))]
    found = []
    for other in calls:
        upstream, cache = other.args[:-1], unguard(other.args[-1]) if other.args else None
        arrays = all(isinstance(each, np.ndarray) for each in upstream)
        if cache is not None and cache is unguard(call.outputs[-1]) and upstream and arrays:
            found.append(_Scalar(call, upstream))
    return found
