"""What a verdict depends on beside the submission: the slice, how it is graded, and the environment."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from .. import __version__
from ..model import Assignment, Course
from .slicing import slice_of

# How this package makes points from a slice and a hand-in. Raised when any verdict or score of the corpus
# changes (tests/corpus/golden holds those of each), so that a new release alone makes no result stale.
CONTRACT = 2
JUDGING = ("grader_sha256", "draw", "seed_id", "device")  # equal: an equal hand-in has equal verdicts


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All that verdicts depend on: where two are equal, equal submissions get equal verdicts."""

    grader_sha256: str  # of the slice and the contract
    versions: Mapping[str, str]  # of what computes

    def environment(self, draw: str, seed_id: str) -> dict[str, str]:
        """As a report records it."""
        judging = {"draw": draw, "seed_id": seed_id, "device": "cpu"}
        return {"grader_sha256": self.grader_sha256, **judging, **self.versions}


def fingerprint(course: Course, assignment: Assignment) -> Fingerprint:
    """Fingerprint of an assignment as it lies on disk now."""
    digest = hashlib.sha256()
    digest.update(f"contract {CONTRACT}".encode())
    for name, path in sorted(slice_of(course, assignment).items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Fingerprint(digest.hexdigest(), _versions(assignment))


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Versions that differ, as in "numpy 2.0.1, now 2.1.0": so may rounding, but no verdict should."""
    names = (before.keys() | now.keys()) - set(JUDGING)
    return {
        f"{name} {before.get(name, 'absent')}, now {now.get(name, 'absent')}"
        for name in names
        if before.get(name) != now.get(name)
    }


def _versions(assignment: Assignment) -> dict[str, str]:
    versions = {
        "autograder": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    for package in ("pytest", *assignment.packages):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
