"""How wrong numbers relate to the right ones: scaled, flipped, transposed, wrong at one place only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from ..model import Diagnosis
from ..studentkit import NotClose

Numbers = np.ndarray[Any, np.dtype[Any]]
_SIMPLE = (-1.0, *(sign * size for sign in (1, -1) for size in (0.1, 0.25, 0.5, 1.5, 2, 3, 4, 10, 100)))
_ROUNDING = 1e-6  # relative: of what is compared in float32
_LEFT = 0.01  # of the error, at most, that a relation may leave unexplained
_SAME = 1e-4  # relative: two factors


@dataclass(frozen=True)
class Relation:
    """A relation that holds, and how much it says."""

    name: str
    says: str
    confidence: float


def relation(error: BaseException) -> Relation | None:
    """The first relation, in order of how much it tells, between what was returned and what is right."""
    if not isinstance(error, NotClose) or error.actual is None or error.expected is None:
        return None
    actual, expected, what = error.actual, error.expected, error.name
    if not np.isfinite(expected).all():
        return None
    if actual.shape != expected.shape:
        return _of_another_shape(actual, expected, error.limit, what)
    if not np.isfinite(actual).all() or not expected.size:
        return None
    with np.errstate(all="ignore"):
        answer = _Answer(actual, expected, error.limit)
        return next((found for holds in _RELATIONS if (found := holds(answer, what))), None)


def multiple_of(error: NotClose) -> float | None:
    """What all the right numbers are multiplied by, where that gives the wrong ones."""
    actual, right = error.actual, error.expected
    if actual is None or right is None or actual.shape != right.shape or actual.size < 2:
        return None
    with np.errstate(all="ignore"):
        factor = float(np.vdot(actual, right) / np.vdot(right, right))
        left = float(np.linalg.norm(actual - factor * right))
    return factor if left <= _ROUNDING * abs(factor) * float(np.linalg.norm(right)) else None


@dataclass(frozen=True)
class _Answer:
    """What was returned, what is right, and how far the two may be apart."""

    actual: Numbers
    expected: Numbers
    limit: float  # relative

    def is_explained_by(self, other: Numbers) -> bool:
        """Whether it is another array, as closely as answers are accepted, and not merely the right one.

        Next to an error of a millionth everything is close, a transposed array of equal entries too.
        """
        return self._leaves_little(np.linalg.norm(self.actual - other))

    def is_reordered(self) -> bool:
        """Whether the right entries stand in other places."""
        gaps = np.sort(self.actual, axis=None) - np.sort(self.expected, axis=None)
        return self._leaves_little(np.linalg.norm(gaps))

    def _leaves_little(self, left: np.floating[Any]) -> bool:
        accepted = max(self.limit, _ROUNDING) * np.linalg.norm(self.actual)
        return bool(left <= accepted and left <= _LEFT * np.linalg.norm(self.actual - self.expected))


def _of_another_shape(actual: Numbers, expected: Numbers, limit: float, what: str) -> Relation | None:
    if actual.size != expected.size or not np.isfinite(actual).all():
        return None
    if sorted(actual.shape) == sorted(expected.shape):
        for axes in permutations(range(expected.ndim)):
            turned = expected.transpose(axes)
            if turned.shape == actual.shape and _close(actual, turned, limit):
                return Relation("transposed", f"{what} has the right numbers, but its axes are swapped.", 0.9)
    if _close(actual.ravel(), expected.ravel(), limit):
        return Relation("reshaped", f"{what} has the right numbers in another shape.", 0.9)
    return None


def _zero(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    if actual.any() or not expected.any():
        return None
    return Relation("zero", f"{what} is all zero: nothing arrives there.", 0.8)


def _scaled(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    size = float(np.vdot(expected, expected))
    ratio = float(np.vdot(actual, expected)) / size if size else 0.0
    if expected.size < 2 or not ratio or not answer.is_explained_by(ratio * expected):
        return None
    factor = _named(ratio, expected.shape)
    if factor is None:
        return Relation("scaled", f"{what} is a multiple of what it should be.", 0.7)
    says = f"{what} is {factor} times what it should be." if ratio != -1 else f"{what} has the wrong sign."
    if abs(ratio + 1) < _SAME:
        says = f"{what} has the wrong sign."
    return Relation(f"times {factor}", says, 0.8)


def _named(ratio: float, shape: tuple[int, ...]) -> str | None:
    """A factor by what it may be: the length of an axis, their product, a simple number.

    No other: with all its digits it would tell the size of what is expected to whoever knows the rest.
    """
    lengths = {f"{size} (the length of axis {axis})": size for axis, size in enumerate(shape) if size > 1}
    lengths[f"{np.prod(shape)} (the number of entries)"] = int(np.prod(shape))
    for name, size in lengths.items():
        if abs(ratio / size - 1) < _SAME:
            return name
        if abs(ratio * size - 1) < _SAME:
            return f"1/{name}"
    return next((f"{each:g}" for each in _SIMPLE if abs(ratio / each - 1) < _SAME), None)


def _shifted(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    gap = float((actual - expected).mean())
    if expected.size < 3 or not answer.is_explained_by(expected + gap):
        return None
    return Relation(
        "shifted", f"{what} is off by the same amount everywhere: a term is missing or added.", 0.7
    )


def _flipped(answer: _Answer, what: str) -> Relation | None:
    expected = answer.expected
    axes = [axis for axis, size in enumerate(expected.shape) if size > 1]
    for count in range(1, len(axes) + 1):
        for chosen in combinations(axes, count):
            if answer.is_explained_by(np.flip(expected, chosen)):
                return Relation("flipped", f"{what} has the right numbers, but flipped.", 0.85)
    return None


def _permuted(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    for axes in permutations(range(expected.ndim)):
        turned = expected.transpose(axes)
        if turned.shape == actual.shape and answer.is_explained_by(turned):
            return Relation("transposed", f"{what} has the right numbers, but its axes are swapped.", 0.85)
    if answer.is_reordered():
        return Relation("reordered", f"{what} has the right numbers in another order.", 0.7)
    return None


def _absolute(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    if not answer.is_explained_by(np.copysign(expected, actual)):
        return None
    return Relation("signs", f"{what} has the right sizes, but some wrong signs.", 0.75)


def _at_a_place(answer: _Answer, what: str) -> Relation | None:
    actual, expected = answer.actual, answer.expected
    scale = float(np.sqrt(np.mean(expected**2))) or 1.0
    wrong = np.abs(actual - expected) > 1e-3 * scale
    if not wrong.any() or wrong.all():
        return None
    for place, mask in _places(expected.shape):
        if mask.any() and not mask.all() and not (wrong & ~mask).any() and wrong[mask].mean() > 0.5:
            return Relation(f"only {place}", f"{what} is wrong only {place}; elsewhere it is right.", 0.7)
    return None


def _places(shape: tuple[int, ...]) -> Iterator[tuple[str, Numbers]]:
    """Places that a mistake often keeps to, the smallest first, as masks."""
    grid = np.indices(shape)
    ends = [(grid[axis] == 0, grid[axis] == size - 1) for axis, size in enumerate(shape) if size > 2]
    for axis, (first, last) in zip((a for a, s in enumerate(shape) if s > 2), ends, strict=True):
        yield f"at the start of axis {axis}", first
        yield f"at the end of axis {axis}", last
        yield f"before the end of axis {axis}", ~last
        yield f"after the start of axis {axis}", ~first
    if len(ends) > 1:
        yield "at the border", np.logical_or.reduce([each for pair in ends[-2:] for each in pair])
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] > 1:
        yield "on the diagonal", grid[0] == grid[1]
        yield "off the diagonal", grid[0] != grid[1]


_RELATIONS: tuple[Callable[[_Answer, str], Relation | None], ...] = (
    *(_zero, _scaled, _flipped, _permuted, _shifted, _absolute, _at_a_place),
)


def _close(a: Numbers, b: Numbers, limit: float) -> bool:
    return bool(np.linalg.norm(a - b) <= max(limit, _ROUNDING) * np.linalg.norm(b))


def by_relation(told: Mapping[str, BaseException]) -> Diagnosis | None:
    """A relation between the wrong numbers and the right ones that holds in most failed tests."""
    relations = [each for each in map(relation, told.values()) if each is not None]
    if not relations:
        return None
    names = [each.name for each in relations]
    best = max(relations, key=lambda each: (names.count(each.name), each.confidence))
    count = names.count(best.name)
    if 2 * count <= len(told):
        return None
    evidence = f"So it was in {count} of {len(told)} failed tests."
    return Diagnosis(best.name, best.says, evidence, best.confidence)
