"""Grades one submission where Gradescope has laid it out."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from ...course import load_assignment, load_course
from ...engine import Grader, Setup
from ...engine.assembly import open_grader
from ...errors import AutograderError
from ...grading import unpacked_key
from ...intake import HandIn, read_submission
from ...model import Submission, TestResult
from ...report import hide, staff_notes
from ...report.files import write_atomically
from .metadata import Metadata, read_metadata, too_soon
from .results import partial, refused, results
from .rules import FILE, Rules, Visibility, from_json

_EVERY_S = 0.5  # between two partial results


def run(root: Path) -> int:
    """Grade `root/submission` and write `root/results/results.json`. What is printed is for staff.

    Args:
        root: Gradescope's folder, /autograder.

    Returns:
        0; or 1 where grading failed on our side. Then no results are written: only from the absence of that
        file does Gradescope tell student and staff that grading failed, and count no submission.
    """
    out = root / "results/results.json"
    out.unlink(missing_ok=True)
    try:
        _write(out, _graded(root, out))
    except AutograderError as error:
        print(f"no result: {error}", file=sys.stderr)
    except Exception as error:
        traceback.print_exc()
        print(f"no result: the grader failed ({error}); run this submission again", file=sys.stderr)
    else:
        return 0
    out.unlink(missing_ok=True)
    return 1


def _graded(root: Path, out: Path) -> dict[str, Any]:
    assignment_id, rules = from_json((root / "source" / FILE).read_text(encoding="utf-8"))
    metadata = _metadata(root)
    if early := too_soon(metadata, rules.rate_limit):
        return refused(early, rules.visibility)
    setup = _setup(root / "source", assignment_id, rules, metadata)
    hand_in = HandIn(metadata.student, root / "submission", received_at=metadata.created_at)
    submission = read_submission(setup.course, setup.assignment, hand_in)
    with open_grader(setup) as grader, _Partial(grader, submission, out, rules.visibility) as watch:
        report = grader.grade(submission, watch)
    report = replace(report, attempt=metadata.attempt)
    print(staff_notes(report))
    if report.score is None:
        raise AutograderError(f"{report.reason}; run this submission again")
    shown = hide(report, setup.assignment, datetime.now(UTC))
    return results(shown, setup.assignment, rules.visibility)


def _setup(source: Path, assignment_id: str, rules: Rules, metadata: Metadata) -> Setup:
    course = load_course(source)
    assignment = load_assignment(course, assignment_id)
    # An extension is known to Gradescope alone.
    assignment = replace(assignment, due=metadata.due or assignment.due)
    return Setup(course, assignment, course.tier, unpacked_key(course.key_file), draw=rules.draw)


def _metadata(root: Path) -> Metadata:
    try:
        return read_metadata((root / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return read_metadata("")


class _Partial:
    """Writes what is known so far, so that a time-out keeps the points earned before it.

    From a thread of its own: the test that never ends comes right after one that has just been passed.
    """

    def __init__(self, grader: Grader, submission: Submission, out: Path, visibility: Visibility) -> None:
        self._grader, self._submission, self._out, self._visibility = grader, submission, out, visibility
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
        written: tuple[TestResult, ...] = ()
        while not self._over.wait(_EVERY_S):
            done = self._done
            if done is not written:
                _write(self._out, partial(self._grader, self._submission, done, self._visibility))
                written = done


def _write(out: Path, document: dict[str, Any]) -> None:
    write_atomically(out, json.dumps(document, indent=1, allow_nan=False) + "\n")
