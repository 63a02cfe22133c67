"""What a verdict depends on beside the submission: the graders and the environment."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import __version__
from ..model import Assignment, Course


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Equal fingerprints, equal submissions: equal verdicts."""

    grader_sha256: str  # of hidden tests, references, specification and this package
    versions: Mapping[str, str]  # of what computes

    def environment(self, seed_id: str) -> dict[str, str]:
        """As a report records it."""
        return {"grader_sha256": self.grader_sha256, "seed_id": seed_id, "device": "cpu", **self.versions}


def fingerprint(course: Course, assignment: Assignment) -> Fingerprint:
    """Fingerprint of an assignment as it lies on disk now."""
    digest = hashlib.sha256()
    for path in _grader_files(course, assignment):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Fingerprint(digest.hexdigest(), _versions(assignment))


def _grader_files(course: Course, assignment: Assignment) -> Iterator[Path]:
    package = Path(__file__).parent.parent
    yield assignment.folder / "assignment.yaml"
    yield from sorted((course.graders / assignment.id).rglob("*.py"))
    yield from sorted(course.graders.glob("*.py"))
    yield from sorted((course.root / course.library).rglob("*.py"))
    for part in ("studentkit", "grading", "sandbox", "timing"):
        yield from sorted((package / part).rglob("*.py"))


def _versions(assignment: Assignment) -> dict[str, str]:
    found = {
        "autograder": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    for package in ("pytest", *assignment.packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
