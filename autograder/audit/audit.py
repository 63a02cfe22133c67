"""The audit of one assignment: everything that can be asked of its graders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .. import diagnosis
from ..course import Catalogue, fingerprint, load_catalogue
from ..engine import Setup
from ..engine.assembly import hidden_tests
from ..model import MACHINE_PARTS, Assignment
from ..mutants import Mutant, mutants_of_tasks
from ..source.names import names_of
from .draws import Drawn, over_draws
from .ledger import Ledger, state_of
from .mutation import INFINITY, Fate, judge_mutants, load_equivalents
from .tests import idle, twins
from .variants import Judged, judge_catalogue

Advance = Callable[[str], None]
T = TypeVar("T")
_AT_MOST_EQUIVALENT = 0.1  # of all mutants may be marked as no mistake; more would empty the question


@dataclass(frozen=True)
class Audit:
    """What was found about one assignment's graders."""

    assignment: Assignment
    judged: Sequence[Judged]  # catalogued solutions
    rewritten: Sequence[Judged] = ()  # catalogued mistakes in differently written code
    fates: Sequence[Fate] = ()  # mutants; none in a quick audit
    stale: Sequence[str] = ()  # marked as equivalent, but no mutant any more
    drawn: Sequence[Drawn] = ()  # known code under many draws
    idle: Sequence[str] = ()  # tests that nothing wrong fails
    twins: Sequence[Sequence[str]] = ()  # tests that always fail together

    def mutants(self, verdict: str) -> list[Fate]:
        """Mutants with this verdict."""
        return [fate for fate in self.fates if fate.verdict == verdict]

    @property
    def killed_share(self) -> float:
        """Of the mutants that are mistakes, the share that is caught; 1 where there are none."""
        counted = [fate for fate in self.fates if fate.verdict != "equivalent"]
        return len(self.mutants("killed")) / len(counted) if counted else 1.0

    @property
    def functions(self) -> Mapping[str, tuple[int, int]]:
        """Function -> mutants of it that are caught, and how many there are."""
        killed, total = Counter[str](), Counter[str]()
        for fate in self.fates:
            if fate.verdict != "equivalent":
                name = f"{fate.mutant.module}.{fate.mutant.function}"
                total[name] += 1
                killed[name] += fate.verdict == "killed"
        return {name: (killed[name], count) for name, count in total.items()}

    @property
    def tolerance(self) -> Mapping[str, tuple[float, float]]:
        """Task -> the largest error of a right variant and the smallest of a mutant, in accepted ones.

        The first is below 1 and the second above; far from 1 on both sides is good. Infinite where no
        mutant is caught by numbers alone.
        """
        owner = {
            f"{name.module}.{name.qualified}": task.id
            for task in self.assignment.tasks
            for name in names_of([task])
        }
        right, wrong = defaultdict[str, float](float), dict[str, float]()
        for judged in self.judged:
            if judged.right:
                right[judged.task] = max(right[judged.task], judged.margin)
        for fate in self.mutants("killed"):
            task = owner[f"{fate.mutant.module}.{fate.mutant.function}"]
            wrong[task] = min(wrong.get(task, INFINITY), fate.margin)
        return {task.id: (right[task.id], wrong.get(task.id, INFINITY)) for task in self.assignment.tasks}

    @property
    def draws(self) -> int:
        """Under which known code was run."""
        return max((drawn.draws for drawn in self.drawn), default=0)

    @property
    def flaky(self) -> list[str]:
        """Tests that right code passes under some draws and fails under others."""
        return sorted({test for drawn in self.drawn if drawn.right for test in drawn.varying})

    @property
    def complaints(self) -> list[str]:
        """Why the graders are not sound, one sentence each; empty where they are."""
        sentences = [_complaint(judged) for judged in self.judged if not judged.sound]
        if self.killed_share < self.assignment.mutants_killed:
            wanted = self.assignment.mutants_killed
            sentences.append(f"{self.killed_share:.1%} of the mutants are caught; {wanted:.0%} are wanted")
        if len(self.mutants("equivalent")) > _AT_MOST_EQUIVALENT * max(len(self.fates), 1):
            sentences.append("more than a tenth of the mutants are marked as equivalent")
        sentences += [f"marked as equivalent, but no such mutant: {mutant}" for mutant in self.stale]
        caught = [fate.mutant.id for fate in self.mutants("killed") if fate.because]
        sentences += [f"marked as equivalent, but caught: {mutant}" for mutant in caught]
        sentences += [f"mutant {fate.mutant.id}: broken: {fate.broken}" for fate in self.mutants("broken")]
        return sentences + [complaint for drawn in self.drawn for complaint in drawn.complaints]


def _complaint(judged: Judged) -> str:
    lost = ", ".join(f"{task} {points:g}" for task, points in judged.lost.items()) or "nothing"
    return f"{judged.task} {judged.id}: {judged.verdict}; lost {lost} {' '.join(judged.broken)}".rstrip()


class Auditor:
    """Audits one assignment; knows how many steps that takes."""

    def __init__(self, setup: Setup, *, quick: bool, draws: int) -> None:
        course, assignment = setup.course, setup.assignment
        self._setup = setup
        self._catalogue: Catalogue = load_catalogue(course, assignment.id)
        self._rewritten = Catalogue(() if quick else self._catalogue.rewritten, ())
        self._mutants: list[Mutant] = [] if quick else mutants_of_tasks(course, assignment.tasks)
        self._equivalents = {} if quick else load_equivalents(course.mistakes_of(assignment.id))
        self._draws = 0 if quick else draws
        self._sha = fingerprint(course, assignment).grader_sha256

    @property
    def steps(self) -> int:
        """Solutions to be graded."""
        catalogue = self._catalogue
        known = len(catalogue.wrong) + len(catalogue.right) + len(self._rewritten.wrong)
        drawn = 1 + len(catalogue.wrong) + len(catalogue.right) if self._draws else 0
        return known + len(self._mutants) + drawn

    def run(self, jobs: int, advance: Advance) -> Audit:
        """Everything, one solution after the other; what an earlier run found is not graded again."""
        setup, mistakes = self._setup, self._setup.course.mistakes_of(self._setup.assignment.id)
        code = (mistakes, Path(diagnosis.__file__).parent)
        judged, rewritten = (
            _all(
                judge_catalogue(setup, catalogue, jobs, self._ledger(name, code)), advance, lambda one: one.id
            )
            for name, catalogue in (("catalogue", self._catalogue), ("rewritten", self._rewritten))
        )
        fates = _all(
            judge_mutants(setup, self._mutants, self._equivalents, jobs, self._ledger("mutants")),
            advance,
            lambda fate: fate.mutant.function,
        )
        drawn = _all(
            over_draws(setup, self._catalogue, self._draws, self._ledger("draws", code)),
            advance,
            lambda drawn: drawn.id,
        )
        place = {mutant.id: number for number, mutant in enumerate(self._mutants)}
        fates.sort(key=lambda fate: place[fate.mutant.id])
        wrong = [solution.failed for solution in judged if not solution.right]
        wrong += [fate.failed for fate in fates]
        return Audit(
            assignment=setup.assignment,
            judged=judged,
            rewritten=rewritten,
            fates=fates,
            stale=sorted(set(self._equivalents) - {mutant.id for mutant in self._mutants}),
            drawn=drawn,
            idle=idle(_tried(setup), wrong) if fates else (),
            twins=twins(wrong) if fates else (),
        )

    def _ledger(self, name: str, folders: Iterable[Path] = ()) -> Ledger:
        folder = self._setup.course.root / ".dlc" / "audit"
        return Ledger(folder / f"{self._setup.assignment.id}-{name}.jsonl", state_of(self._sha, folders))


def _tried(setup: Setup) -> list[str]:
    """Hidden tests that an audit runs: speed is not measured in it."""
    return [test for test, (_, part) in hidden_tests(setup).items() if part not in MACHINE_PARTS]


def _all(judged: Iterable[T], advance: Advance, what: Callable[[T], str]) -> list[T]:
    result = []
    for one in judged:
        result.append(one)
        advance(what(one))
    return result
