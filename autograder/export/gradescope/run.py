"""Grades one submission where Gradescope has laid it out."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from ...engine import Grader, Setup
from ...errors import AutograderError
from ...grading import read_key
from ...intake import HandIn, read_submission
from ...model import Submission, TestResult
from ...report import hide, staff_notes
from ...report.files import write_atomically
from ...spec import load_assignment, load_course
from .metadata import Metadata, RateLimit, read_metadata, too_soon
from .results import partial, refused, results

_EVERY_S = 0.5  # between two partial results
_SETTINGS = "gradescope.json"


def run(root: Path) -> int:
    """Grade `root/submission`; write `root/results/results.json`.

    1, without results, where grading failed on our side: then Gradescope tells student and staff so.
    What is printed is for staff.
    """
    out = root / "results/results.json"
    out.unlink(missing_ok=True)
    try:
        document = _graded(root, out)
    except AutograderError as error:
        print(f"no result: {error}", file=sys.stderr)
        out.unlink(missing_ok=True)
        return 1
    _write(out, document)
    return 0


def _graded(root: Path, out: Path) -> dict[str, Any]:
    settings = json.loads((root / "source" / _SETTINGS).read_text(encoding="utf-8"))
    metadata = _metadata(root)
    limit = RateLimit(**settings["rate_limit"]) if settings["rate_limit"] else None
    if early := too_soon(metadata, limit):
        return refused(early)
    setup = _setup(root / "source", settings["assignment"], metadata)
    hand_in = HandIn(metadata.student, root / "submission", received_at=metadata.created_at)
    submission = read_submission(setup.course, setup.assignment, hand_in)
    with Grader(setup) as grader, _Partial(grader, submission, out) as watch:
        report = grader.grade(submission, watch)
    report = replace(report, attempt=metadata.attempt)
    print(staff_notes(report))
    if report.score is None:
        raise AutograderError(f"{report.reason}; run this submission again")
    return results(hide(report, setup.assignment, datetime.now(UTC)), setup.assignment)


def _setup(source: Path, assignment_id: str, metadata: Metadata) -> Setup:
    course = load_course(source)
    assignment = load_assignment(course, assignment_id)
    # An extension is known to Gradescope alone.
    assignment = replace(assignment, due=metadata.due or assignment.due)
    return Setup(course, assignment, course.tier, read_key(course.key_file))


def _metadata(root: Path) -> Metadata:
    try:
        return read_metadata((root / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return read_metadata("")


class _Partial:
    """Writes what is known so far, so that a time-out keeps the points earned before it.

    From a thread of its own: the test that never ends comes right after one that has just been passed.
    """

    def __init__(self, grader: Grader, submission: Submission, out: Path) -> None:
        self._grader, self._submission, self._out = grader, submission, out
        self._done: tuple[TestResult, ...] = ()
        self._over = Event()
        self._thread = Thread(target=self._keep_writing, daemon=True)

    def __enter__(self) -> _Partial:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def __call__(self, done: tuple[TestResult, ...]) -> None:
        self._done = done

    def _keep_writing(self) -> None:
        setup = self._grader.setup
        written: tuple[TestResult, ...] = ()
        while not self._over.wait(_EVERY_S):
            done = self._done
            if done is not written:
                document = partial(setup.assignment, self._submission, self._grader.tests, done, setup.tier)
                _write(self._out, document)
                written = done


def _write(out: Path, document: dict[str, Any]) -> None:
    write_atomically(out, json.dumps(document, indent=1, allow_nan=False) + "\n")
