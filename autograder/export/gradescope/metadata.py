"""Who submits, when, and how often before: `submission_metadata.json`.

https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many graded submissions in so many hours."""

    submissions: int
    hours: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """A submission before this one."""

    at: datetime
    score: float | None
    results: Mapping[str, Any]  # its results.json; Gradescope tells only the latest one's


@dataclass(frozen=True, slots=True)
class Metadata:
    """What of the file counts for a grade."""

    student: str  # e-mail address; of a group the first by alphabet
    created_at: datetime | None
    due: datetime | None  # with this student's extension, where Gradescope tells it
    earlier: tuple[Earlier, ...]  # by time

    @property
    def attempt(self) -> int:
        """Which submission of this student it is."""
        return 1 + len(self.earlier)


def read_metadata(text: str) -> Metadata:
    """What the file tells; what it lacks, or tells wrongly, is as if it were absent."""
    try:
        content = _mapping(json.loads(text))
    except ValueError:
        content = {}
    users = [_mapping(each) for each in _list(content.get("users"))]
    assignment = _mapping(content.get("assignment"))
    own = [_mapping(user.get("assignment")).get("due_date") for user in users]
    due = [each for each in map(_moment, own) if each]
    earlier = [each for each in map(_earlier, _list(content.get("previous_submissions"))) if each]
    return Metadata(
        student=min((_identity(user) for user in users), default="") or "student",
        created_at=_moment(content.get("created_at")),
        due=max(due, default=_moment(assignment.get("due_date"))),
        earlier=tuple(sorted(earlier, key=lambda each: each.at)),
    )


def next_allowed(metadata: Metadata, limit: RateLimit | None) -> datetime | None:
    """When the student may submit again; None where this submission is to be graded.

    Computed from times of submission alone, so that a rerun gives the same; submissions that were
    refused then do not count.
    """
    if limit is None or metadata.created_at is None:
        return None
    window = timedelta(hours=limit.hours)
    counted: list[datetime] = []
    for at in [each.at for each in metadata.earlier if each.at < metadata.created_at]:
        if sum(at - window < each for each in counted) < limit.submissions:
            counted.append(at)
    recent = [each for each in counted if metadata.created_at - window < each]
    return recent[-limit.submissions] + window if len(recent) >= limit.submissions else None


def _earlier(value: Any) -> Earlier | None:
    fields = _mapping(value)
    at = _moment(fields.get("submission_time"))
    return None if at is None else Earlier(at, _number(fields.get("score")), _mapping(fields.get("results")))


def _identity(user: Mapping[str, Any]) -> str:
    return str(user.get("email") or user.get("name") or user.get("id") or "")


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []
