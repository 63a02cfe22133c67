"""What an exception in a test body says of the submission, or of us."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, replace

import pytest

from ..alarm import TookTooLong
from ..errors import OpenPoints, SandboxError
from ..model import Mismatch, Verdict
from ..studentkit import NotClose, StudentError
from ..text import line, plain
from .told import of_assertion, of_failure, of_student

_DETAIL_CHARS = 4_000
_MESSAGE_CHARS = 300
_ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")  # of an object, in its repr: another one each time
_INNERMOST = -3  # frames of a traceback: what lies above them is pytest's


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verdict of one test, with a sentence for the student and a detail for staff."""

    verdict: Verdict
    message: str = ""
    detail: str = ""
    mismatch: Mismatch | None = None
    again: bool = False  # left open by something that passes


_PASSED = Outcome(Verdict.PASSED)
_SAID = (pytest.skip.Exception, pytest.fail.Exception)


def judge(error: BaseException | None) -> Outcome:
    """The verdict: the student's fault for StudentError and failed assertions, ours for the rest.

    The message is for the student, whatever raised it: one bounded line without a figure of theirs.
    """
    if error is None:
        return _PASSED
    outcome = _judged(error)
    message = line(outcome.message, _MESSAGE_CHARS)
    detail = plain(_ADDRESS.sub("", outcome.detail), _DETAIL_CHARS)
    return replace(outcome, message=message, detail=detail)


def _judged(error: BaseException) -> Outcome:
    if isinstance(error, OpenPoints):
        return Outcome(Verdict.OPEN, str(error), again=error.again)
    if isinstance(error, StudentError):
        return Outcome(Verdict(error.verdict), of_student(error), error.detail)
    if isinstance(error, NotClose):
        mismatch = Mismatch(error.name, error.relative_error, error.limit, error.wrong, error.levels)
        detail = "\n".join(part for part in (str(error), error.detail) if part)
        return Outcome(Verdict.FAILED, error.told, detail, mismatch)
    if isinstance(error, AssertionError):
        return Outcome(Verdict.FAILED, of_assertion(error), str(error))
    if isinstance(error, pytest.fail.Exception):
        return Outcome(Verdict.FAILED, of_failure(error), str(error))
    if isinstance(error, pytest.skip.Exception):
        return Outcome(Verdict.SKIPPED, "this test did not run here", str(error))
    return Outcome(Verdict.INTERNAL, "the grader failed; staff have been told", _traceback(error))


def is_unexplained(error: BaseException | None) -> bool:
    """Whether a statement of the test itself raised an error, and not the student's code or the sandbox."""
    told = (AssertionError, StudentError, OpenPoints, SandboxError, *_SAID)
    return error is not None and not isinstance(error, told)


def charged(error: BaseException) -> StudentError:
    """The outcome of what a test raises on the student's answers and not on right ones: their fault."""
    detail = _traceback(error)
    lighten(error)
    if isinstance(error, MemoryError):
        says = "what the code returned takes more memory to judge than right answers do"
        return StudentError(says, "memory", detail)
    if isinstance(error, TookTooLong):
        says = "what the code returned takes longer to judge than a test may"
        return StudentError(says, "timeout", detail)
    kind = type(error).__name__
    return StudentError(f"what the code returned cannot be used as this test uses it: {kind}", detail=detail)


def lighten(error: BaseException) -> None:
    """Let go of what a student returned, before an error is kept until the hand-in is finished.

    Of the error itself those numbers stay that were compared.
    """
    told: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        seen = waiting.pop()
        if seen is None or seen in told:  # whoever raises an error from itself makes a ring
            continue
        told.append(seen)
        waiting += [seen.__cause__, seen.__context__]
        traceback.clear_frames(seen.__traceback__)
        if type(seen) is not AssertionError:  # of which `of_assertion` asks where it was raised
            seen.__traceback__ = (
                None  # a cleared frame still holds its function, and so what that closes over
            )
        if isinstance(seen, NotClose) and seen is not error:
            seen.actual = seen.expected = None


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error, limit=_INNERMOST))[-_DETAIL_CHARS:]
