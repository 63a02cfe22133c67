"""How far off and where, in a few levels: what may be told of a comparison with hidden values.

A figure with all its digits is a number of the hidden side once the student knows their own answer. So
errors are told in decades below 1, which is as far off as nothing at all, shares in eighths, places by
name. The levels are monotone, and a figure at the start of a level belongs to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Levels = tuple[tuple[int, ...], ...]  # a picture: rows of 0 (right) to 7 (worst)

# Relative errors from which the next level begins. Level 1 holds what is wrong and below the first; the
# last one has no end: an answer of 1e9 is told like one that is twice too large.
ERRORS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)
_ERROR_WORDS = (
    "below 1e-5, more than rounding explains",
    *("1e-5 to 1e-4", "1e-4 to 0.001", "0.001 to 0.01", "0.01 to 0.1", "0.1 to 1", "1 or more"),
)
# Shares of wrong entries from which the next level begins; level 0 is none at all.
SHARES = (1e-12, 0.05, 0.25, 0.45, 0.55, 0.8, 1.0)
_SHARE_WORDS = ("none alone", "few", "some", "a third", "half", "most", "nearly all", "all")
WORST = 7
_MOST_AXES = 4


def error_level(error: float) -> int:
    """1 to 7 for the relative error of a wrong answer; 7 for what is no number."""
    return 1 + bisect_right(ERRORS, error) if error == error else WORST


def error_words(error: float) -> str:
    """What is told of a relative error."""
    return f"relative error {_ERROR_WORDS[error_level(error) - 1]}"


def share_level(share: float) -> int:
    """0 (none) to 7 (all) for the share of wrong entries."""
    return bisect_right(SHARES, share) if share == share else WORST


def share_words(share: float) -> str:
    """What is told of a share of wrong entries: "about half"."""
    level = share_level(share)
    return f"{'about ' if level in (3, 4) else ''}{_SHARE_WORDS[level]}"


def shape_words(shape: Sequence[int], expected: Sequence[int]) -> str:
    """A student's shape, as far as it is made of lengths of the expected one; a student can choose any."""
    known = len(shape) <= max(_MOST_AXES, len(expected)) and {*shape} <= {1, *expected}
    return f"shape {tuple(shape)}" if known else "another shape"


def dtype_words(dtype: object) -> str:
    """Name of an array's dtype, from a fixed list: others carry lengths and names of the student's."""
    kind, size = getattr(dtype, "kind", "V"), getattr(dtype, "itemsize", 0)
    names = {"U": "dtype str", "S": "dtype bytes", "O": "dtype object", "c": f"dtype complex{8 * size}"}
    return names.get(kind, "another dtype")


EVERYWHERE = "everywhere"
_DRAWN = (12, 16)  # rows and columns of a picture for students, at most


def places(rows: int, columns: int) -> dict[str, Mask]:
    """Where wrong entries may lie in a picture: the cells of each place that has a name."""
    i, j = np.indices((rows, columns))
    border = (i == 0) | (i == rows - 1) | (j == 0) | (j == columns - 1)
    return {
        EVERYWHERE: i >= 0,
        "in the first row": i == 0,
        "in the last row": i == rows - 1,
        "in the first column": j == 0,
        "in the last column": j == columns - 1,
        "on the diagonal": i == j,
        "at the border": border,
        "inside the border": ~border,
        "in every other row": i % 2 == 0,
        "in every other row, from the second": i % 2 == 1,
        "in every other column": j % 2 == 0,
        "in every other column, from the second": j % 2 == 1,
        "in the upper half": i < rows / 2,
        "in the lower half": i >= rows // 2,
        "in the left half": j < columns / 2,
        "in the right half": j >= columns // 2,
    }


PLACES = len(places(1, 1))


def place_of(levels: Levels) -> str:
    """Name of the smallest place that holds all wrong cells of a picture; empty where none does."""
    wrong = np.array(levels) > 0
    if not wrong.any():
        return ""
    # Errors here and there are in no place: a map full of them would say that everything is wrong.
    held = {name: cells for name, cells in places(*wrong.shape).items() if not (wrong & ~cells).any()}
    fitting = [name for name in held if name != EVERYWHERE or wrong.all()]
    return min(fitting, key=lambda name: int(held[name].sum()), default="")


def picture_of(place: str, level: int, shape: tuple[int, int]) -> Levels:
    """A picture of a place, as coarse as pictures for students are."""
    if not place:
        return ()
    rows, columns = (min(size, most) for size, most in zip(shape, _DRAWN, strict=True))
    return tuple(tuple(row) for row in (level * places(rows, columns)[place]).tolist())
