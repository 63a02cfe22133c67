"""What grading asks of a place that keeps results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..model import Report, Submission


class Store(Protocol):
    """Keeps the results of one assignment, each at once, so that an interruption loses none that is finished.

    A folder is one; a database will be another.
    """

    reports: list[Report]  # counted so far
    faults: list[str]  # a sentence for staff for each thing that could not be kept
    differences: set[str]  # versions that graded results kept from before, where others run now

    def finished(self, submission: Submission, environment: Mapping[str, str], tier: int) -> Report | None:
        """The report of this very submission by these very graders, if it is there and final."""

    def add(self, report: Report) -> None:
        """Keep one report."""

    def keep(self, report: Report) -> None:
        """Count a report that was `finished`."""

    def close(self, title: str) -> None:
        """Keep what speaks of the whole class, once all reports are there."""
