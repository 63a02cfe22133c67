"""One warm pytest session for an assignment: collected once, run again for each submission."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from _pytest.config import _prepareconfig
from _pytest.main import Session

from ..alarm import TookTooLong
from ..errors import GraderError, OpenPoints, SpecError
from ..model import MACHINE_PARTS, SPEED, Limits, Task, TestResult, Verdict
from ..studentkit.compare import answered_by, measured
from ..studentkit.marks import judged_answer
from ..studentkit.usage import Usage
from .account import bounds_of_machine, bounds_of_test, charged_to
from .answers import Answers
from .bounded import prepare
from .collection import Loading, belonging, collect, is_plain, parameters, part_of
from .fixtures import Fixtures, Student
from .phases import run_phases
from .retry import Ran, SecondLook, uninterrupted
from .tools import Tools
from .verdict import charged, is_unexplained, judge, lighten

# Capturing, logging, caching and terminal output cost more than the tests and keep what they saw of
# one submission while the next is graded.
_UNUSED = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "logging"),
    *("pastebin", "setuponly", "setupplan", "stepwise", "terminal", "threadexception", "unittest"),
    *("unraisableexception", "warnings"),
)


Witness = Callable[[str, BaseException], None]  # test id, what it raised
Watch = Callable[[tuple[TestResult, ...]], None]  # the results so far


_TOO_MUCH = "this test took more time or memory to judge than it may; a person will look at it"
_LENIENT = ("edge", "purity", *MACHINE_PARTS)  # parts that may fail without speed being lost
Rank = Callable[[str], bytes]  # test id -> its place among the tests that judge
Load = Callable[[Path], ModuleType]  # the module in a file of hidden tests


class GraderSession:
    """The hidden tests of one assignment, ready to run.

    They run as they stand, then those that judge in the order of `rank`, then those of speed. `load` loads
    their files, under the names of their course. `ours` is the course's own solution as a student: what a
    test raises on other code, and not on that, is the fault of what the other code returned. `limits` also
    bound what a test itself does with answers. `tools` are those of a test that is run with no others, and
    `answers` the right answers known already.

    Raises GraderError where a test names an unknown task or part, uses a fixture that outlives a test, or
    does not import. Use as a context manager.
    """

    def __init__(
        self,
        folder: Path,
        tasks: tuple[Task, ...],
        rank: Rank = str.encode,
        *,
        load: Load,
        ours: Student | None = None,
        limits: Limits | None = None,
        tools: Tools | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._ours = ours
        self._answers = answers or Answers()
        self._begun: set[str] = set()  # tasks of which a test has run on our own solution
        self._usage = Usage()
        self._understood: set[str] = set()  # tests whose use of answers was looked at
        if not folder.is_dir():
            raise GraderError(f"{folder}: no such folder; hidden tests are expected there, as test_*.py")
        prepare()
        limits = limits or Limits()
        self._bounds, self._machine_bounds = bounds_of_test(limits), bounds_of_machine(limits)
        self._tools = tools or Tools()
        self._fixtures = Fixtures(self._tools)
        self._config = _configure(folder, self._fixtures.plugin(), Loading(load, folder))
        self._session = Session.from_config(self._config)
        self._config.hook.pytest_sessionstart(session=self._session)
        try:
            items = collect(self._session, folder)
            items.sort(key=lambda item: part_of(item) == SPEED)
            self.tests = belonging(items, {task.id: task for task in tasks}, folder)
            self.judges = {item.nodeid: answer for item in items if (answer := judged_answer(item))}
            self._items = sorted(items, key=lambda item: self._order(item, rank))
            self._by_id = {item.nodeid: item for item in self._items}
            self._plain = frozenset(
                item.nodeid for item in self._items if is_plain(item, self._fixtures.names)
            )
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> GraderSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the pytest session."""
        self._bounds.close()
        self._machine_bounds.close()
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()

    def run(
        self,
        student: Student,
        seeds: Callable[[str], int],
        witness: Witness | None = None,
        tools: Tools | None = None,
        watch: Watch | None = None,
    ) -> tuple[TestResult, ...]:
        """Run every test on one student's code.

        `witness` is called with what each test raised that does not pass, `watch` with the results so far.
        """
        results: dict[str, TestResult] = {}
        for result in self.stream(student, seeds, witness, tools):
            results[result.id] = result
            if watch is not None:
                watch(tuple(results.values()))
        return tuple(results[test_id] for test_id in self.tests)  # in what order they ran is a secret

    def stream(
        self,
        student: Student,
        seeds: Callable[[str], int],
        witness: Witness | None = None,
        tools: Tools | None = None,
    ) -> Iterator[TestResult]:
        """Run every test on one student's code, result by result."""
        tools = tools or self._tools
        wrong: set[str] = set()  # tasks whose answers are not right
        look = SecondLook(student)
        with self._fixtures.using(student, seeds, tools):
            for item in self._items:
                task, part = self.tests[item.nodeid]
                if part == SPEED and task in wrong:
                    yield _not_raced(item.nodeid, task, part)
                    continue
                run = partial(self._run_item, item, student, seeds, tools)
                alone = part in MACHINE_PARTS or item.nodeid in self.judges
                result, raised = run() if alone else look.run(task, run)
                if raised is not None and witness is not None:
                    witness(item.nodeid, raised)
                if result.verdict is not Verdict.PASSED and part not in _LENIENT:
                    wrong.add(task)
                yield result

    def _order(self, item: pytest.Function, rank: Rank) -> tuple[bool, bool, bytes]:
        judges = item.nodeid in self.judges
        return part_of(item) == SPEED, judges, rank(item.nodeid) if judges else b""

    def judge(
        self, test_id: str, student: Student, seeds: Callable[[str], int], tools: Tools | None = None
    ) -> TestResult:
        """Run one test on one student's code."""
        tools = tools or self._tools
        with self._fixtures.using(student, seeds, tools):
            result, _ = self._run_item(self._by_id[test_id], student, seeds, tools)
            return result

    def attempt(self, test_id: str, student: Student, seeds: Callable[[str], int]) -> BaseException | None:
        """What one test raises on one student's code; None where it passes."""
        with self._fixtures.using(student, seeds, self._tools):
            return self._raised(self._by_id[test_id], student)

    def _raised(self, item: pytest.Function, student: Student, *, free: bool = False) -> BaseException | None:
        """What a test raises, within its bounds unless it is `free`."""
        run = self._run_plain if item.nodeid in self._plain else run_phases
        apart = item.nodeid in self.judges
        self._fixtures.begin(item.nodeid)
        try:
            with answered_by(self._answers.of), self._usage, self._bounded(item, student, free=free):
                return uninterrupted(lambda: run(item, lambda: student.begin(item.nodeid, apart=apart)))
        except (TookTooLong, MemoryError) as error:  # while what was set up is taken down
            return error

    def _bounded(
        self, item: pytest.Function, student: Student, *, free: bool
    ) -> AbstractContextManager[None]:
        if free:
            return nullcontext()
        if part_of(item) in MACHINE_PARTS:
            return self._machine_bounds
        return charged_to(student, self._bounds, lambda: self._answers.spent_s)

    def _charged(
        self, item: pytest.Function, student: Student, seeds: Callable[[str], int]
    ) -> BaseException | None:
        """What a test raises; the student's fault where it raises on their answers and not on right ones.

        It may import what it needs only when it runs, as torch does, and a bound that fell into the midst of
        that would leave half a module behind: so a test of each task runs on right answers first, unbounded.
        """
        task, part = self.tests[item.nodeid]
        if part in MACHINE_PARTS:  # a machine that is slow at this may be as slow for right answers
            raised = self._raised(item, student)
            return OpenPoints(_TOO_MUCH) if isinstance(raised, (TookTooLong, MemoryError)) else raised
        if self._ours is None:
            return self._raised(item, student, free=True)
        if task not in self._begun:
            self._begun.add(task)
            with self._fixtures.using(self._ours, seeds, self._tools):
                self._raised(item, self._ours, free=True)
        raised = self._raised(item, student)
        unclear = self._usage.held_back or is_unexplained(raised)
        if raised is not None and unclear and self._learned(item, seeds):
            raised = self._raised(item, student)
        if raised is None or not is_unexplained(raised):
            return raised
        if self.attempt(item.nodeid, self._ours, seeds) is not None:
            return raised
        lighten(raised)  # what it holds would lie beside what follows
        raised = self._raised(item, student)  # once more, now that all is there that the test needs
        return charged(raised) if raised is not None and is_unexplained(raised) else raised

    def _learned(self, item: pytest.Function, seeds: Callable[[str], int]) -> bool:
        """Find out, once for a test, as what it uses right answers that nothing declares; whether it does."""
        assert self._ours is not None
        if item.nodeid in self._understood:
            return False
        self._understood.add(item.nodeid)
        before = self._usage.known
        with self._fixtures.using(self._ours, seeds, self._tools), self._usage.learning():
            while (raised := self._raised(item, self._ours, free=True)) and self._usage.learn(raised):
                continue
        return self._usage.known > before

    def _run_item(
        self, item: pytest.Function, student: Student, seeds: Callable[[str], int], tools: Tools
    ) -> Ran:
        start = time.perf_counter()
        test_id = item.nodeid
        with measured() as ratios:
            raised = self._charged(item, student, seeds)
        self._usage.forget()
        if isinstance(raised, GraderError | SpecError):  # the author's to mend, whoever handed in what
            raise GraderError(f"{test_id}: {raised}") from raised
        outcome = judge(raised)
        if raised is not None:
            lighten(raised)
        task, part = self.tests[test_id]
        result = TestResult(
            id=test_id,
            task=task,
            part=part,
            judges=self.judges.get(test_id, ""),
            verdict=outcome.verdict,
            message=outcome.message,
            detail=outcome.detail,
            mismatch=outcome.mismatch,
            output=student.output(),
            margin=max(ratios, default=None) if raised is None else None,
            duration_s=time.perf_counter() - start,
            again=outcome.again,
        )
        return tools.judged(result), raised

    def _run_plain(self, item: pytest.Function, begin: Callable[[], None]) -> BaseException | None:
        """Run an item that asks for `student`, `rng` and parameters alone; what it raised.

        Not by pytest's fixtures: setting them up costs more than a small test.
        """
        known = {**self._fixtures.values(item.nodeid), **parameters(item)}
        try:
            begin()
            with np.errstate(all="ignore"):
                item.obj(**{name: known[name] for name in item._fixtureinfo.argnames})
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # pytest's own outcomes (fail, skip) are no Exceptions
            return error
        return None


def _not_raced(test_id: str, task: str, part: str) -> TestResult:
    """Of a test of speed whose task has wrong answers."""
    says = "speed counts once the answers are right"
    return TestResult(id=test_id, task=task, part=part, verdict=Verdict.FAILED, message=says)


def _configure(folder: Path, *plugins: object) -> pytest.Config:
    quiet = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    args = [str(folder), f"--rootdir={folder}", f"--confcutdir={folder}", "--import-mode=importlib"]
    # Their course loads them, and rewrites the asserts.
    args += [
        "--noconftest",
        "--assert=plain",
        "--strict-markers",
        "--disable-plugin-autoload",
        "-c",
        "/dev/null",
        *quiet,
    ]
    config = _prepareconfig(args, plugins)
    config._do_configure()
    return config
