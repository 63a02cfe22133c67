"""What becomes of the mutants of an assignment when they are handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from ..engine import Setup, grade_class
from ..errors import SpecError
from ..model import Report, Submission, Verdict
from ..mutants import Mutant
from ..release import project
from .ledger import Ledger
from .tests import failed_tests

INFINITY = float("inf")
EQUIVALENT_FILE = "equivalent.yaml"  # beside the catalogue of mistakes


@dataclass(frozen=True)
class Fate:
    """One mutant and the hidden tests that it does not pass."""

    mutant: Mutant
    failed: tuple[str, ...]
    because: str = ""  # why it is no mistake, where someone has said so
    margin: float = (
        INFINITY  # largest error in a failed test, in accepted ones; infinite if it failed otherwise
    )
    broken: str = ""  # what failed on our side

    @property
    def verdict(self) -> str:
        """Killed, survived, equivalent or broken."""
        if self.broken:
            return "broken"
        if self.failed:
            return "killed"
        return "equivalent" if self.because else "survived"


def load_equivalents(folder: Path) -> Mapping[str, str]:
    """Mutant id -> why it is no mistake. Raises SpecError."""
    path = folder / EQUIVALENT_FILE
    if not path.is_file():
        return {}
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return {str(row["mutant"]): str(row["because"]) for row in rows}
    except (yaml.YAMLError, TypeError, KeyError) as error:
        what = "expected a list of entries with `mutant` and `because`"
        raise SpecError([f"{path}: {what} ({type(error).__name__})"]) from error


def judge_mutants(
    setup: Setup, mutants: Sequence[Mutant], equivalents: Mapping[str, str], jobs: int, ledger: Ledger
) -> Iterator[Fate]:
    """Each mutant as soon as it is judged; those in the ledger first, without being graded again.

    A mutant that is only slower survives: no mistake of the kind that an audit looks for.
    """
    known = ledger.read()
    waiting: dict[str, Mutant] = {}
    for number, mutant in enumerate(mutants):
        if mutant.id in known:
            earlier = known[mutant.id]
            why, margin = equivalents.get(mutant.id, ""), float(earlier["margin"])
            yield Fate(mutant, tuple(earlier["failed"]), why, margin)
        else:
            waiting[f"mutant-{number}"] = mutant
    files = project(setup.course, setup.assignment, solution=True)
    modules = {Path(path).stem: text for path, text in files.items()}
    submissions = (
        Submission(name, setup.assignment.id, {**modules, mutant.module: mutant.text})
        for name, mutant in waiting.items()
    )
    for report in grade_class(submissions, replace(setup, diagnosed=False, timed=False), jobs):
        fate = _fate(waiting[report.student], report, equivalents)
        if not fate.broken:
            ledger.write(fate.mutant.id, {"failed": fate.failed, "margin": str(fate.margin)})
        yield fate


def _fate(mutant: Mutant, report: Report, equivalents: Mapping[str, str]) -> Fate:
    ours = [result for result in report.results if result.verdict == Verdict.INTERNAL]
    broken = ours[0].id if ours else (report.reason or "") if report.status == "internal" else ""
    failed = set(failed_tests(report))
    wrong = [
        result for result in report.results if result.id in failed and result.verdict != Verdict.INTERNAL
    ]
    ratios = [
        result.mismatch.relative_error / result.mismatch.limit
        if result.mismatch and result.mismatch.limit
        else INFINITY
        for result in wrong
    ]
    return Fate(
        mutant=mutant,
        failed=tuple(result.id for result in wrong),
        because=equivalents.get(mutant.id, ""),
        margin=max(ratios, default=INFINITY),
        broken=broken,
    )
