"""The public tests as GitHub Classroom's reporter reads them: base64 of one JSON document."""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from .folder import HERE, Release, ReleasedTask, open_release
from .plugin import Clinic
from .points import Outcome, points

_LINES = 20  # of one message


def run() -> str:
    """Run the public tests of this release and encode their points. Raises NotARelease.

    What tests and students' code print goes to stderr: stdout is for the result alone.
    """
    release = open_release()
    listener, start = _Listener(), time.perf_counter()
    quiet = [f"--rootdir={HERE}", "-c", str(HERE / "pytest.ini"), "-p", "no:cacheprovider"]
    with _stdout_aside():
        pytest.main([str(HERE / "test_public.py"), *quiet], plugins=[listener])
    content = document(release, listener.outcomes, time.perf_counter() - start, unread=listener.unread)
    return base64.b64encode(json.dumps(content).encode()).decode()


def document(
    release: Release, outcomes: Sequence[Outcome], seconds: float, *, unread: bool = False
) -> dict[str, Any]:
    """Version 1 of the reporter's format: one test for each task, its points as score."""
    tasks = [task for task in release.tasks if task.kind == "code"]
    tests = [_test(task, outcomes, seconds / max(1, len(tasks))) for task in tasks]
    complete = all(each["status"] == "pass" for each in tests)
    return {
        "version": 1,
        "status": "error" if unread else "pass" if complete else "fail",
        "max_score": sum(task.points for task in tasks),
        "tests": tests,
    }


def _test(task: ReleasedTask, outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    own = [each for each in outcomes if each.task == task.id]
    lost = [each for each in own if not each.passed]
    reasons = {f"{each.name}: {' '.join(each.why.lines) if each.why else 'failed'}": None for each in lost}
    return {
        "name": task.title,
        "status": "pass" if own and not lost else "fail",
        "score": round(points(task, own), 2),
        "message": "\n".join([*reasons][:_LINES]) if own else "no test of this task ran",
        "line_no": 0,
        "execution_time": f"{1000 * seconds:.0f}ms",
    }


class _Listener:
    """Takes the outcomes when a run is over."""

    def __init__(self) -> None:
        self.outcomes: tuple[Outcome, ...] = ()
        self.unread = True

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        clinic = session.config.pluginmanager.get_plugin("clinic")
        if isinstance(clinic, Clinic):
            self.outcomes, self.unread = clinic.outcomes, clinic.unread


@contextmanager
def _stdout_aside() -> Iterator[None]:
    """Let descriptor 1, whoever writes to it, be stderr for a while."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
