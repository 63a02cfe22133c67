"""For tests that take an answer apart: one that they cannot use is wrong, and no fault of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .kinds import StudentError


@contextmanager
def judged() -> Iterator[None]:
    """Around statements that use an answer: what they raise is a failed test.

    Right where the course's own solution has passed them (`dlc check`).
    """
    try:
        yield
    except (AssertionError, StudentError):
        raise
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(f"the answer is not of the kind that is asked for ({kind})") from error
