"""What depends on the draw: tests that known code passes with some hidden inputs and fails with others.

Every hand-in of an assignment has the same inputs, so a mistake that does not show in these passes for the
whole class. Known code is our own: it runs here, without a sandbox.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache

from ..alarm import TookTooLong
from ..author.catalogue import Mistake, Variant
from ..course import Catalogue, modules_of
from ..diagnosis.suspects import raised, student_of
from ..engine import Setup
from ..engine.assembly import idle_session
from ..errors import OpenPoints
from ..frameworks import known
from ..grading import GraderSession, Seeds, Student
from ..model import MACHINE_PARTS
from ..studentkit import Local
from ..studentkit.kinds import kinds_of
from .ledger import Ledger
from .variants import touched

REFERENCE = "the reference"
_SECONDS = 5.0  # of a processor for one test: right variants may be slow


@dataclass(frozen=True)
class Drawn:
    """What became of one piece of known code under many draws."""

    id: str  # of the catalogue, or REFERENCE
    task: str  # that it stands in; none of the reference
    right: bool
    draws: int
    varying: Mapping[str, int] = field(default_factory=dict)  # test -> draws under which it passed, of some
    never: tuple[str, ...] = ()  # tests that right code passed under no draw
    unseen: int = 0  # draws under which a mistake failed no test

    @property
    def complaints(self) -> list[str]:
        """What is to be mended: more margin, or inputs in which the mistake always shows."""
        who, of = f"{self.task} {self.id}".strip(), f"of {self.draws} draws"
        told = [f"{who}: fails {test} under every draw" for test in self.never]
        told += [f"{who}: passes {test} under {count} {of} only" for test, count in self.varying.items()]
        return [f"{who}: passes every test under {self.unseen} {of}"] if self.unseen else told


def over_draws(setup: Setup, catalogue: Catalogue, draws: int, ledger: Ledger) -> Iterator[Drawn]:
    """The reference and all of a catalogue, as soon as each has run under so many draws.

    A solution runs in the tests of its task and of those that need it, the reference in all; what is timed or
    compiled is left out. What the ledger holds is not run again.
    """
    if not draws:
        return
    kept = ledger.read()
    with modules_of(setup.course) as modules:
        kind = kinds_of(modules.library)
        reference = Local(modules.library, kind, wrap=True)
        with idle_session(setup, modules, reference) as session:
            runs = _Runs(setup, session, draws)
            for solution in (None, *catalogue.right, *catalogue.wrong):
                key = f"{solution.task}-{solution.id} {draws}" if solution else f"{REFERENCE} {draws}"
                if key in kept:
                    yield Drawn(**{**kept[key], "never": tuple(kept[key]["never"])})
                    continue
                drawn = runs.of(
                    solution,
                    lambda: student_of((solution,), modules, kind) if solution else reference,  # noqa: B023
                )
                ledger.write(key, asdict(drawn))
                yield drawn


class _Runs:
    """Runs code in tests under draw after draw."""

    def __init__(self, setup: Setup, session: GraderSession, draws: int) -> None:
        self._assignment, self._session = setup.assignment, session
        self._seeds = [_draw(setup.seeds, number) for number in range(draws)]

    def of(self, solution: Mistake | Variant | None, load: Callable[[], Student]) -> Drawn:
        """What becomes of a solution, loaded afresh for each draw: it may keep something between tests."""
        passed = self._passed(self._tests(solution), load)
        count = len(self._seeds)
        wrong = isinstance(solution, Mistake)
        return Drawn(
            id=solution.id if solution else REFERENCE,
            task=solution.task if solution else "",
            right=not wrong,
            draws=count,
            varying={test: sum(row) for test, row in passed.items() if 0 < sum(row) < count},
            never=() if wrong else tuple(test for test, row in passed.items() if not any(row)),
            unseen=sum(map(all, zip(*passed.values(), strict=True))) if wrong else 0,
        )

    def _tests(self, solution: Mistake | Variant | None) -> list[str]:
        tasks = {task.id for task in self._assignment.tasks}
        if solution is not None:
            tasks = touched(self._assignment, solution.task)
        tests = self._session.tests.items()
        return [test for test, (task, part) in tests if task in tasks and part not in MACHINE_PARTS]

    def _passed(self, tests: list[str], load: Callable[[], Student]) -> Mapping[str, list[bool]]:
        """Test -> whether it passes, draw by draw. What is endless once is not tried again."""
        passed: dict[str, list[bool]] = {test: [] for test in tests}
        endless: set[str] = set()
        for seeds in self._seeds:
            code = cache(load)
            for test in tests:
                error = TookTooLong() if test in endless else self._raised(test, code, seeds)
                if isinstance(error, TookTooLong):
                    endless.add(test)
                passed[test].append(error is None or isinstance(error, OpenPoints))
        return passed

    def _raised(self, test: str, load: Callable[[], Student], seeds: Seeds) -> BaseException | None:
        chance = seeds(f"chance {test}") % (1 << 32)
        random.seed(chance)
        for framework in known(("numpy", *self._assignment.packages)):
            framework.seed(chance)
        return raised(self._session, test, load, seeds, _SECONDS)


def _draw(seeds: Seeds, number: int) -> Seeds:
    return replace(seeds, key=hashlib.sha256(seeds.key + b"draw %d" % number).digest())
