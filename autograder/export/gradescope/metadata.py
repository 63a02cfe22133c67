"""Reads `submission_metadata.json`: who submits, when, and what they submitted before.

https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from .rules import RateLimit


@dataclass(frozen=True, slots=True)
class Earlier:
    """A submission before this one."""

    at: datetime
    score: float | None  # None also where it still waits to be graded
    results: Mapping[str, Any]  # its results.json; Gradescope tells only the latest one's
    failed: bool = False  # grading failed on our side


@dataclass(frozen=True, slots=True)
class Metadata:
    """What of the file counts for a grade."""

    student: str  # e-mail address; of a group the first by alphabet
    created_at: datetime | None
    due: datetime | None  # with this student's extension, where Gradescope tells it
    earlier: tuple[Earlier, ...]  # before this one, by time

    @property
    def attempt(self) -> int:
        """Which submission of this student it is."""
        return 1 + len(self.earlier)


@dataclass(frozen=True, slots=True)
class TooSoon:
    """A submission that a rate limit refuses, and the score of the last one that was graded."""

    limit: RateLimit
    again: datetime  # when the student may submit again
    score: float
    results: Mapping[str, Any]  # of the submission that the score is from


def read_metadata(text: str) -> Metadata:
    """Read the file. An entry that is malformed counts as absent."""
    try:
        content = _mapping(json.loads(text))
    except ValueError:
        content = {}
    users = [_mapping(user) for user in _list(content.get("users"))]
    assignment = _mapping(content.get("assignment"))
    own = [_mapping(user.get("assignment")).get("due_date") for user in users]
    due = [moment for moment in map(_moment, own) if moment]
    created_at = _moment(content.get("created_at"))
    told = [
        submission for submission in map(_earlier, _list(content.get("previous_submissions"))) if submission
    ]
    # Where an older submission is run again, Gradescope tells of later ones too.
    earlier = [submission for submission in told if created_at is None or submission.at < created_at]
    return Metadata(
        student=min((_identity(user) for user in users), default="") or "student",
        created_at=created_at,
        due=max(due, default=_moment(assignment.get("due_date"))),
        earlier=tuple(sorted(earlier, key=lambda submission: submission.at)),
    )


def too_soon(metadata: Metadata, limit: RateLimit | None) -> TooSoon | None:
    """Decide whether a submission comes too soon.

    The decision rests on times of submission, not on the clock, so a rerun decides alike. Submissions that
    were refused themselves do not count, nor those whose grading failed on our side.

    Args:
        metadata: of this submission.
        limit: how many are graded in how many hours; None for no limit.

    Returns:
        The refusal, with the score to keep. None where this submission is to be graded, as it is whenever
        there is no score to keep.
    """
    if limit is None or metadata.created_at is None:
        return None
    window = timedelta(hours=limit.hours)
    counted: list[datetime] = []
    for submission in metadata.earlier:
        if not submission.failed and sum(submission.at - window < at for at in counted) < limit.submissions:
            counted.append(submission.at)
    recent = [at for at in counted if metadata.created_at - window < at]
    if len(recent) < limit.submissions:
        return None
    again = recent[-limit.submissions] + window
    graded = [
        (submission.score, submission.results) for submission in metadata.earlier if not submission.failed
    ]
    kept = [TooSoon(limit, again, score, results) for score, results in graded if score is not None]
    return kept[-1] if kept else None


def _earlier(value: Any) -> Earlier | None:
    fields = _mapping(value)
    at = _moment(fields.get("submission_time"))
    if at is None:
        return None
    failed = bool(fields.get("autograder_error"))
    return Earlier(at, _number(fields.get("score")), _mapping(fields.get("results")), failed)


def _identity(user: Mapping[str, Any]) -> str:
    return str(user.get("email") or user.get("name") or user.get("id") or "")


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []
