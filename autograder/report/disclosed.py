"""Reduces a report to what its student may see, and bounds how much that can tell about hidden inputs.

A student's code sees the hidden inputs, and the student chooses what it returns, what it raises and how long
it takes. So everything that a report tells the student could carry hidden inputs out; this module limits how
many bits. A test tells one of OUTCOMES: a verdict with a sentence of ours. In it errors and shares are
rounded to levels, places and types come from fixed lists, and we choose which words of the student's own
source are shown. Full figures are for staff.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ..model import Diagnosis, Mismatch, Report, SpeedPoint, TestResult, Timing
from ..replay import told
from ..sandbox import sources
from ..studentkit.levels import (
    ERRORS,
    PLACES,
    SHARES,
    error_level,
    picture_of,
    place_of,
    share_level,
)
from ..text import line

MESSAGE_CHARS = 300
NOTES = 40
_TEXT_CHARS = 600  # of a likely mistake and what speaks for it
_REASON_CHARS = 4_000
_INTERNAL = "grading failed on our side; staff have been told"
_SHARES = (0.0, 0.01, *SHARES[1:])  # what stands for a level of wrong entries
_CURVE_LEVELS = 7
_FLAT = 100.0  # so many times the error of a right gradient is no rounding
_SURE = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)  # confidence is told as the largest that it reaches

# -- the budget

# A comparison: 7 levels of error, 8 of wrong entries, one of 16 places or none; so for NaN and infinity.
COMPARED = (len(ERRORS) + 1 + 3) * (len(SHARES) + 1) * (PLACES + 1)
# A shape of at most 4 axes, each a length of the expected shape (at most 4 of them) or 1, or another one.
SHAPES = sum(5**axes for axes in range(5)) + 1
KINDS = 512  # a type of a list in one of a few places, a number of values up to 8
RAISED = sources.OUTCOMES  # a type, a line or none, a piece of it or none, all of lists
ENDED = 400  # passed, skipped, open, too slow, too large, a signal, an exit status
PROMISES = 320  # sentences of the tests themselves
NAMES = 16  # functions and outputs that one test names: which of them fails first
REFUSED = told.OUTCOMES  # a program: by a name of torch's, Triton's or Python's
OUTCOMES = NAMES * (COMPARED + SHAPES + KINDS + RAISED + ENDED + PROMISES) + REFUSED
TEST_BITS = math.log2(OUTCOMES)
SCALAR_BITS = math.log2(len(ERRORS) + 2)  # of one number that is compared: right, or one of 7 levels
LOCATIONS_BITS = 20.0 * sources.LOCATIONS  # which lines of a hand-in are named, of at most a million
TASK_BITS = 40.0  # a likely mistake or two of the catalogue, in how many tests, how sure, the curve's level
RACE_BITS = 256.0  # times to two digits, at a few sizes
ATTEMPT_BITS = 16.0  # when it was graded, and how long that took in seconds


def bits(tests: int, tasks: int, races: int = 0) -> float:
    """The most that one attempt can tell its student, in bits."""
    return ATTEMPT_BITS + LOCATIONS_BITS + tests * TEST_BITS + tasks * TASK_BITS + races * RACE_BITS


# -- what is told


def for_students(report: Report) -> Report:
    """The report as its student may see it. To apply this twice gives the same as once."""
    return replace(
        report,
        results=tuple(map(_result, report.results)),
        tasks=tuple(
            replace(task, diagnosis=None if task.diagnosis is None else _diagnosis(task.diagnosis))
            for task in report.tasks
        ),
        notes=tuple(line(note, MESSAGE_CHARS) for note in report.notes[:NOTES]),
        reason=_reason(report),
        duration_s=float(round(report.duration_s)),
    )


def _result(result: TestResult) -> TestResult:
    return replace(
        result,
        message=line(result.message, MESSAGE_CHARS),
        detail="",
        output="",
        margin=None,
        duration_s=0.0,
        judges="",  # the right answer
        fraction=round(result.fraction, 3),
        mismatch=None if result.mismatch is None else _mismatch(result.mismatch),
        timing=None if result.timing is None else _timing(result.timing),
    )


def _mismatch(mismatch: Mismatch) -> Mismatch:
    """Each figure as the start of its level, and where as a place of a list."""
    limit = _decade(mismatch.limit)
    level = error_level(mismatch.relative_error)
    levels = mismatch.levels
    return Mismatch(
        line(mismatch.name, 60),
        ERRORS[level - 2] if level > 1 else min(limit, ERRORS[0] / 10),
        limit,
        _SHARES[share_level(mismatch.wrong)],
        picture_of(place_of(levels), level, (len(levels), max(map(len, levels), default=0))),
    )


def _decade(figure: float) -> float:
    return 10.0 ** math.ceil(math.log10(figure) - 1e-9) if 0 < figure < math.inf else 0.0


def _diagnosis(diagnosis: Diagnosis) -> Diagnosis:
    sure = max((level for level in _SURE if level <= diagnosis.confidence), default=_SURE[0])
    says, evidence = line(diagnosis.says, _TEXT_CHARS), line(diagnosis.evidence, _TEXT_CHARS)
    return replace(diagnosis, says=says, evidence=evidence, confidence=sure, curve=_curve(diagnosis.curve))


def _curve(curve: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """The curve of any right gradient, and how high above it the student's stays: one of 8 levels."""
    if not curve:
        return ()
    middle = curve[len(curve) // 2]
    flat = middle[1] > _FLAT * middle[2]
    power = max(math.floor(math.log10(min(middle[1], 1.0)) + 1e-9), 1 - _CURVE_LEVELS) if flat else None
    rows = []
    for step, *_ in curve:
        right = min(max(step**2, 1e-16 / step, 1e-12), 1.0)
        rows.append((step, right if power is None else max(right, 10.0**power), right))
    return tuple(rows)


def _timing(timing: Timing) -> Timing:
    return replace(
        timing,
        ratio=_two(timing.ratio),
        low=_two(timing.low),
        high=_two(timing.high),
        points=tuple(map(_point, timing.points)),
    )


def _point(point: SpeedPoint) -> SpeedPoint:
    return replace(
        point,
        student_s=_two(point.student_s),
        reference_s=_two(point.reference_s),
        vendor_s=None if point.vendor_s is None else _two(point.vendor_s),
        floor_s=None if point.floor_s is None else _two(point.floor_s),
    )


def _two(figure: float) -> float:
    """Two digits: nobody can tell times more precisely, and sixteen could tell something else."""
    return float(f"{figure:.1e}")


def _reason(report: Report) -> str | None:
    if report.status == "internal":
        return _INTERNAL
    return None if report.reason is None else line(report.reason, _REASON_CHARS)
