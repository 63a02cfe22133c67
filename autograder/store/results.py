"""Where the results of one assignment lie in a folder, and how they are read again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import AutograderError
from ..model import Report
from ..report import from_json, slug

PARTS = ("results", "reports", "staff")


@dataclass(frozen=True, slots=True)
class Results:
    """The files of each student in a folder that `dlc grade -o` writes."""

    folder: Path

    def result(self, student: str) -> Path:
        """What the student may see, for machines."""
        return self.folder / "results" / f"{slug(student)}.json"

    def page(self, student: str) -> Path:
        """What the student may see, for people."""
        return self.folder / "reports" / f"{slug(student)}.html"

    def hidden(self, student: str) -> Path:
        """The result with full figures, and hints that are not to be seen yet."""
        return self.folder / "staff" / f"{slug(student)}.json"

    def notes(self, student: str) -> Path:
        """Details and prints, for staff."""
        return self.folder / "staff" / f"{slug(student)}.txt"

    def all(self) -> list[Path]:
        """Every result that is there, sorted by name."""
        return sorted((self.folder / "results").glob("*.json"))


def read_result(path: Path) -> Report | None:
    """The report in a file; None where there is none that can be read."""
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_graded(folder: Path) -> list[Report]:
    """The reports in a folder, sorted by student.

    Raises AutograderError where it is no such folder, a result cannot be read, or results belong to more
    than one assignment.
    """
    paths = Results(folder).all()
    if not paths:
        raise AutograderError(f"{folder}: no results/*.json there; name the folder that `dlc grade -o` wrote")
    reports = []
    for path in paths:
        try:
            reports.append(_read(path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AutograderError(
                f"{path}: not a result of `dlc grade` ({error}); delete it and grade again"
            ) from error
        if reports[-1].assignment != reports[0].assignment:
            raise AutograderError(
                f"{path}: is a result of {reports[-1].assignment}, but {paths[0].name} is one of "
                f"{reports[0].assignment}; grade each assignment into a folder of its own"
            )
    return sorted(reports, key=lambda report: report.student)


def _read(path: Path) -> Report:
    return from_json(path.read_text(encoding="utf-8"))
