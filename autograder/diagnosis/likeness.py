"""Whether two wrong answers to the same question are wrong in the same way."""

from __future__ import annotations

import numpy as np

from ..studentkit import NotClose
from .outcomes import Outcome, outcome_of

STRONG, WEAK, NONE = 2, 1, 0
# Two codes with the same mistake differ by rounding alone; the mistake itself is what separates them
# from the right answer.
_SAME = 1e-3
_SHARE = 0.1  # of the entries that are wrong, by chance more or fewer
_DIGITS = 1e-5  # relative error below which digits were lost, and no formula is wrong


def likeness(student: BaseException, suspect: Outcome | None) -> int:
    """STRONG for the same wrong numbers, WEAK for the same complaint, else NONE."""
    if suspect is None or type(student).__name__ != suspect.kind:
        return NONE
    if isinstance(student, NotClose):
        return _numbers(student, suspect)
    return WEAK if _refusing(outcome_of(student).complaint) == _refusing(suspect.complaint) else NONE


def _refusing(complaint: str) -> str:
    """A complaint without whether something is refused by ValueError or by an assertion."""
    return complaint.replace("raised AssertionError", "raised ValueError")


def _numbers(student: NotClose, suspect: Outcome) -> int:
    mine, theirs, right = student.actual, suspect.actual, student.expected
    if student.name != suspect.name or (mine is None) != (theirs is None):
        return NONE
    if mine is None or theirs is None or right is None:
        return WEAK if outcome_of(student).complaint == suspect.complaint else NONE
    if mine.shape != theirs.shape:
        return NONE
    own = outcome_of(student)
    if own.right != suspect.right:
        return _related(own, suspect)
    finite = np.isfinite(mine) & np.isfinite(theirs)
    if not np.array_equal(mine[~finite], theirs[~finite], equal_nan=True):
        return NONE
    if mine.shape != right.shape:
        scale = float(np.linalg.norm(theirs[finite]))
        return STRONG if _distance(mine, theirs, finite) <= _SAME * scale else WEAK
    usable = finite & np.isfinite(right)
    mistake = _distance(mine, right, usable)
    rounding = student.limit * float(np.linalg.norm(right[usable]))
    same = _distance(mine, theirs, usable) <= _SAME * mistake + min(rounding, 0.1 * mistake)
    if same:
        return STRONG
    # Lost digits are other ones in each code.
    lost = student.relative_error < _DIGITS and outcome_of(student).complaint.partition(";")[0]
    return WEAK if lost and lost == suspect.complaint.partition(";")[0] else NONE


def _related(student: Outcome, suspect: Outcome) -> int:
    """Of two codes that draw by themselves, and so have other right answers: what holds whatever is drawn."""
    if student.multiple is not None and suspect.multiple is not None:
        apart = abs(student.multiple - suspect.multiple) / abs(student.multiple)
        return STRONG if apart <= _SAME and abs(student.wrong - suspect.wrong) <= _SHARE else NONE
    if student.relation or suspect.relation:
        return WEAK if student.relation == suspect.relation else NONE
    return WEAK if student.complaint == suspect.complaint else NONE


def _distance(
    a: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    b: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> float:
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(a[where] - b[where]))
