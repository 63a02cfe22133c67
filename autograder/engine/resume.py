"""Which submissions need no grading again."""

from __future__ import annotations

from pathlib import Path

from ..grading import Seeds
from ..model import Report, Submission
from ..report import from_json
from .fingerprint import Fingerprint
from .grade import Setup


def finished(path: Path, submission: Submission, setup: Setup, graders: Fingerprint) -> Report | None:
    """The report at `path`, if the same submission was graded there by the same graders.

    None where it is absent, unreadable (an interrupted write of another tool), or of another state.
    """
    try:
        report = from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    seed_id = Seeds(setup.key, setup.assignment.id, submission.student).id
    same = (
        report.student == submission.student
        and report.submission_sha256 == submission.sha256
        and report.status != "internal"
        and report.environment == graders.environment(seed_id)
        and report.tier >= setup.tier > 0
    )
    return report if same else None
