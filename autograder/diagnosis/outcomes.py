"""What tests come to on known mistakes: found out once for a draw, and kept beside the course key."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..grading.verdict import judge
from ..kept import Kept
from ..studentkit import NotClose
from .relations import multiple_of, relation

Numbers = np.ndarray[Any, np.dtype[Any]]
_MOST_BYTES = 128 << 20  # that are kept, in memory and on disk
_FIELDS = ("kind", "complaint", "name", "actual", "right", "multiple", "relation", "wrong")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a test raised, as far as it is compared with what it raises on other code."""

    kind: str  # name of the exception's class
    complaint: str  # the sentence for the student, without the line of their file
    name: str = ""  # of the output whose numbers are wrong
    actual: Numbers | None = None  # these numbers
    right: str = ""  # digest of the right ones, which depend on what the code itself drew
    multiple: float | None = None  # of the right ones, where the wrong ones are just that
    relation: str = ""  # name of how they are related else
    wrong: float = 0.0  # share of them


def outcome_of(error: BaseException) -> Outcome:
    """What of an exception is compared and kept."""
    complaint = judge(error).message.partition(", line ")[0]
    if isinstance(error, NotClose):
        told = relation(error)
        return Outcome(
            type(error).__name__,
            complaint,
            error.name,
            error.actual,
            _digest(error.expected),
            multiple_of(error),
            told.name if told else "",
            error.wrong,
        )
    return Outcome(type(error).__name__, complaint)


class Outcomes:
    """Suspect and test -> outcome, None where the test passed.

    Equal seeds, hidden tests and libraries give equal outcomes, so what one process found out serves all that
    come later: everything is kept in memory, and in a file where one is named and can be used.

    Args:
        file: one for all that outcomes depend on beside suspect and test; see `autograder.kept.file_of`.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._known: dict[tuple[str, str], Outcome | None] = {}
        self._bytes = 0
        self._kept = Kept(file, "outcomes", ("suspect", "test"), _FIELDS, _MOST_BYTES)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()

    def of(self, suspect: str, test: str, find_out: Callable[[], BaseException | None]) -> Outcome | None:
        """The outcome of a test on a suspect. `find_out` runs it, where it is not known yet."""
        key = (suspect, test)
        if key in self._known:
            return self._known[key]
        row = self._kept.read(key)
        if row is not None:
            outcome = _unpacked(row)
        else:
            error = find_out()
            outcome = None if error is None else outcome_of(error)
            self._kept.write(key, _packed(outcome), _size(outcome))
        if self._bytes < _MOST_BYTES:
            self._known[key] = outcome
            self._bytes += _size(outcome)
        return outcome


def _packed(outcome: Outcome | None) -> tuple[Any, ...]:
    if outcome is None:
        return ("", "", "", None, "", None, "", 0.0)
    numbers = io.BytesIO()
    if outcome.actual is not None:
        np.save(numbers, outcome.actual, allow_pickle=False)
    what = (outcome.kind, outcome.complaint, outcome.name, numbers.getvalue() or None)
    return (*what, outcome.right, outcome.multiple, outcome.relation, outcome.wrong)


def _unpacked(row: tuple[Any, ...]) -> Outcome | None:
    kind, complaint, name, numbers, *related = row
    if not kind:
        return None
    actual = None if numbers is None else np.load(io.BytesIO(numbers), allow_pickle=False)
    return Outcome(kind, complaint, name, actual, *related)


def _size(outcome: Outcome | None) -> int:
    return 200 + (outcome.actual.nbytes if outcome is not None and outcome.actual is not None else 0)


def _digest(right: Numbers | None) -> str:
    return "" if right is None else hashlib.sha256(np.ascontiguousarray(right).tobytes()).hexdigest()[:16]
