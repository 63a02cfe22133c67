"""Every catalogued wrong and right solution of an assignment, handed in and judged."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..author.catalogue import Mistake, Variant
from ..course import Catalogue
from ..engine import Setup, grade_class
from ..errors import SpecError
from ..model import Assignment, Report, Submission, Verdict
from ..release import project
from .ledger import Ledger
from .tests import failed_tests

SURE = 0.9  # confidence from which a diagnosis is shown without a doubt


@dataclass(frozen=True)
class Judged:
    """What the graders made of one catalogued solution."""

    id: str  # of the catalogue
    task: str  # that it stands in
    right: bool  # it must keep full marks
    says: str  # the teaching assistant's sentence, of a wrong one
    lost: Mapping[str, float]  # task -> points lost
    allowed: frozenset[str]  # tasks in which a wrong one may lose points
    named: str = ""  # mistake that the diagnosis names
    confidence: float = 0.0  # of the diagnosis, 0 to 1
    broken: tuple[str, ...] = ()  # what failed on our side
    failed: tuple[str, ...] = ()  # hidden tests that it does not pass
    margin: float = 0.0  # of a right one: its largest error as a share of the accepted one, in its task
    verdicts: Mapping[str, str] = field(default_factory=dict)  # of each hidden test; not kept in a ledger

    @property
    def verdict(self) -> str:
        """Killed or kept, as it should be; survived, strayed, failed or broken, as it should not."""
        if self.broken:
            return "broken"
        if self.right:
            return "failed" if self.lost else "kept"
        if not self.lost.get(self.task):
            return "survived"
        return "killed" if set(self.lost) <= self.allowed else "strayed"

    @property
    def named_first(self) -> bool:
        """The diagnosis names this mistake."""
        return not self.right and self.named == self.id

    @property
    def misled(self) -> bool:
        """The diagnosis names another mistake and is sure of it."""
        return bool(self.named) and self.named != self.id and self.confidence >= SURE

    @property
    def sound(self) -> bool:
        """The graders judge it rightly."""
        return self.verdict in ("killed", "kept")


def judge_catalogue(
    setup: Setup,
    catalogue: Catalogue,
    jobs: int,
    ledger: Ledger | None = None,
    among: Container[Mistake | Variant] | None = None,
) -> Iterator[Judged]:
    """Each solution of the catalogue as soon as it is judged, graded in `jobs` processes, speed left out.

    With `among`, of these alone.

    Those in the ledger come first, without being graded again. Raises SpecError where a mistake does not
    apply to the library.
    """
    everything: list[Mistake | Variant] = [*catalogue.wrong, *catalogue.right]
    solutions = {
        f"{number}-{solution.task}-{solution.id}": solution
        for number, solution in enumerate(everything)
        if among is None or solution in among
    }
    known = ledger.read() if ledger else {}
    for name in solutions.keys() & known.keys():
        yield _remembered(setup.assignment, solutions[name], known[name])
    submissions = [
        _handed_in(setup, name, solution) for name, solution in solutions.items() if name not in known
    ]
    for report in grade_class(submissions, replace(setup, timed=False), jobs):
        judged = _judged(setup.assignment, report, solutions[report.student])
        if ledger and not judged.broken:
            facts = {
                "lost": dict(judged.lost),
                "named": judged.named,
                "confidence": judged.confidence,
                "failed": judged.failed,
                "margin": judged.margin,
            }
            ledger.write(report.student, facts)
        yield judged


def _remembered(assignment: Assignment, solution: Mistake | Variant, facts: Mapping[str, Any]) -> Judged:
    return Judged(
        id=solution.id,
        task=solution.task,
        right=isinstance(solution, Variant),
        says=getattr(solution, "says", ""),
        lost=facts["lost"],
        allowed=frozenset(touched(assignment, solution.task)),
        named=facts["named"],
        confidence=facts["confidence"],
        failed=tuple(facts["failed"]),
        margin=facts["margin"],
    )


def _handed_in(setup: Setup, name: str, solution: Mistake | Variant) -> Submission:
    prefix = f"{setup.course.library}/"
    files = project(setup.course, setup.assignment, solution=True)
    modules = {path.removeprefix(prefix).removesuffix(".py"): text for path, text in files.items()}
    try:
        changed = solution.apply(modules[solution.module])
    except (KeyError, ValueError) as error:
        raise SpecError([f"{setup.course.mistakes_of(setup.assignment.id)}: {error}"]) from error
    return Submission(name, setup.assignment.id, {**modules, solution.module: changed})


def _judged(assignment: Assignment, report: Report, solution: Mistake | Variant) -> Judged:
    ours = [result for result in report.results if result.verdict == Verdict.INTERNAL]
    broken = [f"{result.id}: {result.detail.strip().splitlines()[-1]}" for result in ours]
    if report.status == "internal" and not broken:
        broken.append(report.reason or "")
    diagnosis = next((task.diagnosis for task in report.tasks if task.task == solution.task), None)
    return Judged(
        id=solution.id,
        task=solution.task,
        right=isinstance(solution, Variant),
        says=getattr(solution, "says", ""),
        lost={
            task.task: lost
            for task in report.tasks
            if (lost := round(task.max_score - task.open_points - (task.score or 0), 4)) > 0
        },
        named=diagnosis.mistake if diagnosis else "",
        confidence=diagnosis.confidence if diagnosis else 0.0,
        allowed=frozenset(touched(assignment, solution.task)),
        broken=tuple(broken),
        failed=failed_tests(report),
        margin=max(
            (result.margin or 0.0 for result in report.results if result.task == solution.task), default=0
        ),
        verdicts={result.id: str(result.verdict) for result in report.results},
    )


def touched(assignment: Assignment, task_id: str) -> set[str]:
    """Where a mistake may show: its task and all that need it; a task stands after those it needs."""
    tasks = {task_id}
    for task in assignment.tasks:
        if tasks & set(task.needs):
            tasks.add(task.id)
    return tasks
