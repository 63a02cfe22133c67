"""The audit of one assignment: everything that can be asked of its graders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .. import diagnosis
from ..course import Catalogue, fingerprint, load_catalogue
from ..engine import Setup
from ..engine.assembly import hidden_tests
from ..model import MACHINE_PARTS, Assignment
from ..source.names import names_of
from .ledger import Ledger, state_of
from .mutants import Mutant
from .mutation import INFINITY, Fate, all_mutants, judge_mutants, load_equivalents
from .tests import idle, over_seeds, twins
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
    seeds: int = 0  # under which the solution was graded
    flaky: Mapping[str, int] = field(
        default_factory=dict
    )  # test -> seeds under which the solution did not pass it
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
        sentences += [
            f"flaky: {test} under {count} of {self.seeds} seeds" for test, count in self.flaky.items()
        ]
        return sentences


def _complaint(judged: Judged) -> str:
    lost = ", ".join(f"{task} {points:g}" for task, points in judged.lost.items()) or "nothing"
    return f"{judged.task} {judged.id}: {judged.verdict}; lost {lost} {' '.join(judged.broken)}".rstrip()


class Auditor:
    """Audits one assignment; knows how many steps that takes."""

    def __init__(self, setup: Setup, *, quick: bool, seeds: int) -> None:
        course, assignment = setup.course, setup.assignment
        self._setup = setup
        self._catalogue: Catalogue = load_catalogue(course, assignment.id)
        self._rewritten = Catalogue(() if quick else self._catalogue.rewritten, ())
        self._mutants: list[Mutant] = [] if quick else all_mutants(course, assignment)
        self._equivalents = {} if quick else load_equivalents(course.mistakes_of(assignment.id))
        self._seeds = 0 if quick else seeds
        self._sha = fingerprint(course, assignment).grader_sha256

    @property
    def steps(self) -> int:
        """Solutions to be graded."""
        catalogue = self._catalogue
        known = len(catalogue.wrong) + len(catalogue.right) + len(self._rewritten.wrong)
        return known + len(self._mutants) + self._seeds

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
        unstable = _all(
            over_seeds(setup, self._seeds, jobs, self._ledger("seeds")), advance, lambda _: "seeds"
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
            seeds=self._seeds,
            flaky=Counter(test for failed in unstable for test in failed),
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
