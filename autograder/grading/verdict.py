"""What an exception in a test body says of the submission, or of us."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import pytest

from ..errors import OpenPoints
from ..model import Mismatch, Verdict
from ..studentkit import NotClose, StudentError

_DETAIL_CHARS = 4_000
_INNERMOST = -3  # frames of a traceback: what lies above them is pytest's


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verdict of one test, with a sentence for the student and a detail for staff."""

    verdict: Verdict
    message: str = ""
    detail: str = ""
    mismatch: Mismatch | None = None
    again: bool = False  # left open by something that passes


def judge(error: BaseException | None) -> Outcome:
    """The verdict: the student's fault for StudentError and failed assertions, ours for the rest."""
    if error is None:
        return Outcome(Verdict.PASSED)
    if isinstance(error, OpenPoints):
        return Outcome(Verdict.OPEN, str(error), again=error.again)
    if isinstance(error, StudentError):
        return Outcome(Verdict(error.verdict), str(error), error.detail)
    if isinstance(error, NotClose):
        mismatch = Mismatch(error.name, error.relative_error, error.limit, error.wrong, error.levels)
        return Outcome(Verdict.FAILED, str(error), error.detail, mismatch)
    if isinstance(error, AssertionError):
        return Outcome(Verdict.FAILED, _first_line(error), str(error)[:_DETAIL_CHARS])
    if isinstance(error, pytest.skip.Exception):
        return Outcome(Verdict.SKIPPED, "this test did not run here", str(error))
    text = "".join(traceback.format_exception(error, limit=_INNERMOST))
    return Outcome(Verdict.INTERNAL, "the grader failed; staff have been told", text[-_DETAIL_CHARS:])


def _first_line(error: AssertionError) -> str:
    # A bare assert is rewritten by pytest into values of both sides, which students must not see:
    # only a message that the test's author wrote is shown.
    first = str(error).partition("\n")[0]
    return "a promise of the task does not hold" if not first or first.startswith("assert ") else first
