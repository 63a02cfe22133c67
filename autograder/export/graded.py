"""The folder that `dlc grade -o` wrote, read again."""

from __future__ import annotations

from pathlib import Path

from ..errors import AutograderError
from ..model import Report
from ..report import from_json


def read_graded(folder: Path) -> list[Report]:
    """The reports in a folder, sorted by student.

    Raises AutograderError where it is no such folder, a result cannot be read, or results belong to more
    than one assignment.
    """
    paths = sorted((folder / "results").glob("*.json"))
    if not paths:
        raise AutograderError(f"{folder}: no results/*.json there; name the folder that `dlc grade -o` wrote")
    reports = [_read(path) for path in paths]
    for path, report in zip(paths, reports, strict=True):
        if report.assignment != reports[0].assignment:
            raise AutograderError(
                f"{path}: is a result of {report.assignment}, but {paths[0].name} is one of "
                f"{reports[0].assignment}; grade each assignment into a folder of its own"
            )
    return sorted(reports, key=lambda report: report.student)


def _read(path: Path) -> Report:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AutograderError(
            f"{path}: not a result of `dlc grade` ({error}); delete it and grade again"
        ) from error
