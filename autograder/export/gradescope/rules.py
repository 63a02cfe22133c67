"""The instructor's settings for an assignment on Gradescope, and the file in the zip that holds them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from ...model import Draw

FILE = "gradescope.json"


class Visibility(StrEnum):
    """When students see tests and points, in Gradescope's words."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most this many graded submissions in this many hours."""

    submissions: int
    hours: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How submissions are taken and shown."""

    rate_limit: RateLimit | None = None
    visibility: Visibility = Visibility.VISIBLE
    draw: Draw = Draw.RECORD


def to_json(assignment_id: str, rules: Rules) -> str:
    """Contents of the file."""
    return json.dumps({"assignment": assignment_id, **asdict(rules)}, indent=1) + "\n"


def from_json(text: str) -> tuple[str, Rules]:
    """The assignment's id and the rules, from the contents of the file."""
    content = json.loads(text)
    limit = content["rate_limit"] and RateLimit(**content["rate_limit"])
    return content["assignment"], Rules(limit, Visibility(content["visibility"]), Draw(content["draw"]))
