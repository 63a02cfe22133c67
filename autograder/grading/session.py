"""One warm pytest session for an assignment: collected once, run again for each submission."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from _pytest.config import _prepareconfig
from _pytest.main import Session

from ..errors import GraderError
from ..model import Task, TestResult
from ..studentkit.compare import measured
from .verdict import judge

# Capturing, logging, caching and terminal output cost more than the tests and keep what they saw of
# one submission while the next is graded.
_UNUSED = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "logging"),
    *("pastebin", "setuponly", "setupplan", "stepwise", "terminal", "threadexception", "unittest"),
    *("unraisableexception", "warnings"),
)


Witness = Callable[[str, BaseException], None]  # test id, what it raised


class Student(Protocol):
    """Either back end of the `student` fixture."""

    def begin(self, test_id: str) -> None:
        """Start a test: a new deadline, a live worker."""

    def output(self) -> str:
        """What the student's code printed since `begin`."""


class GraderSession:
    """The hidden tests of one assignment, ready to run.

    Raises GraderError where a test names an unknown task or part, uses a fixture that outlives a test,
    or does not import. Use as a context manager.
    """

    def __init__(self, folder: Path, tasks: tuple[Task, ...]) -> None:
        if not folder.is_dir():
            raise GraderError(f"{folder}: no such folder; hidden tests are expected there, as test_*.py")
        self._plugin = _Fixtures()
        self._config = _configure(folder, self._plugin)
        self._session = Session.from_config(self._config)
        self._config.hook.pytest_sessionstart(session=self._session)
        try:
            self._items = _collect(self._session, folder)
            self.tests = _belonging(self._items, {task.id: task for task in tasks}, folder)
            self._by_id = {item.nodeid: item for item in self._items}
            self._plain = frozenset(item.nodeid for item in self._items if _is_plain(item))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> GraderSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the pytest session."""
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()

    def run(
        self, student: Student, seeds: Callable[[str], int], witness: Witness | None = None
    ) -> tuple[TestResult, ...]:
        """Run every test on one student's code; `witness` sees what each that does not pass raised."""
        return tuple(self.stream(student, seeds, witness))

    def stream(
        self, student: Student, seeds: Callable[[str], int], witness: Witness | None = None
    ) -> Iterator[TestResult]:
        """Run every test on one student's code, result by result."""
        with self._plugin.using(student, seeds):
            for item in self._items:
                yield self._run_item(item, student, witness)

    def attempt(self, test_id: str, student: Student, seeds: Callable[[str], int]) -> BaseException | None:
        """What one test raises on one student's code; None where it passes."""
        with self._plugin.using(student, seeds):
            return self._raised(self._by_id[test_id], student)

    def _raised(self, item: pytest.Function, student: Student) -> BaseException | None:
        run = self._run_plain if item.nodeid in self._plain else _run_phases
        return run(item, lambda: student.begin(item.nodeid))

    def _run_item(self, item: pytest.Function, student: Student, witness: Witness | None) -> TestResult:
        start = time.perf_counter()
        test_id = item.nodeid
        with measured() as ratios:
            raised = self._raised(item, student)
        if raised is not None and witness is not None:
            witness(test_id, raised)
        outcome = judge(raised)
        task, part = self.tests[test_id]
        return TestResult(
            id=test_id,
            task=task,
            part=part,
            verdict=outcome.verdict,
            message=outcome.message,
            detail=outcome.detail,
            mismatch=outcome.mismatch,
            output=student.output(),
            margin=max(ratios, default=None) if raised is None else None,
            duration_s=time.perf_counter() - start,
        )

    def _run_plain(self, item: pytest.Function, begin: Callable[[], None]) -> BaseException | None:
        """Run an item that asks for `student`, `rng` and parameters alone; what it raised.

        Not by pytest's fixtures: setting them up costs more than a small test.
        """
        known = {**self._plugin.values(item.nodeid), **_parameters(item)}
        try:
            begin()
            with np.errstate(all="ignore"):
                item.obj(**{name: known[name] for name in item._fixtureinfo.argnames})
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # pytest's own outcomes (fail, skip) are no Exceptions
            return error
        return None


class _Fixtures:
    """The fixtures of hidden tests, for whichever submission is being graded."""

    def __init__(self) -> None:
        self._current: tuple[Student, Callable[[str], int]] | None = None

    @contextmanager
    def using(self, student: Student, seeds: Callable[[str], int]) -> Iterator[None]:
        self._current = (student, seeds)
        try:
            yield
        finally:
            self._current = None

    def values(self, test_id: str) -> dict[str, Any]:
        """Both fixtures for one test."""
        assert self._current is not None
        student, seeds = self._current
        return {"student": student, "rng": np.random.default_rng(seeds(test_id))}

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The student's code: `student.<module>.<function>(...)`."""
        student: Student = self.values(request.node.nodeid)["student"]
        return student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Randomness of this student and test; the same at each grading."""
        rng: np.random.Generator = self.values(request.node.nodeid)["rng"]
        return rng

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "task(id, part): the task that a test counts towards")


def _configure(folder: Path, plugin: _Fixtures) -> pytest.Config:
    quiet = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    args = [str(folder), f"--rootdir={folder}", f"--confcutdir={folder}", "--import-mode=importlib"]
    args += ["--strict-markers", "--disable-plugin-autoload", "-c", "/dev/null", *quiet]
    config = _prepareconfig(args, [plugin])
    config._do_configure()
    return config


def _collect(session: Session, folder: Path) -> list[pytest.Function]:
    failures: list[str] = []

    class Watch:
        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                failures.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    session.config.pluginmanager.register(watch := Watch())
    loaded = set(sys.modules)
    try:
        items = session.perform_collect()
    finally:
        session.config.pluginmanager.unregister(watch)
        # Pytest names a test module after its file alone and would take that of another assignment.
        for name in set(sys.modules) - loaded:
            if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]
    if failures:
        raise GraderError("\n".join(failures))
    if not items:
        raise GraderError(f"{folder}: no hidden tests; expected functions test_... in files test_*.py")
    return [item for item in items if isinstance(item, pytest.Function)]


def _belonging(
    items: list[pytest.Function], tasks: Mapping[str, Task], folder: Path
) -> dict[str, tuple[str, str]]:
    faults: list[str] = []
    belonging: dict[str, tuple[str, str]] = {}
    for item in items:
        marker = item.get_closest_marker("task")
        task_id = str(marker.args[0]) if marker and marker.args else ""
        part = str(marker.kwargs.get("part", "forward")) if marker else ""
        if task_id not in tasks:
            faults.append(f"{item.nodeid}: marks the task {task_id!r}; expected one of {', '.join(tasks)}")
        elif part not in tasks[task_id].weights:
            known = ", ".join(tasks[task_id].weights)
            faults.append(f"{item.nodeid}: marks part {part!r} of {task_id}, whose weights name {known}")
        belonging[item.nodeid] = (task_id, part)
        faults += [
            f"{item.nodeid}: fixture {name} outlives a test; make it function-scoped"
            for name in _long_lived(item)
        ]
        faults += [
            f"{item.nodeid}: is marked {mark.name}; a hidden test always runs, so take the mark off"
            for mark in item.iter_markers()
            if mark.name in ("skip", "skipif", "xfail")
        ]
    covered = set(belonging.values())
    for task in tasks.values():
        missing = [part for part in task.weights if (task.id, part) not in covered]
        if task.kind == "code" and missing:
            faults.append(f"{folder}: no test for {', '.join(missing)} of task {task.id}, which has weight")
    if faults:
        raise GraderError("\n".join(faults))
    return belonging


def _long_lived(item: pytest.Function) -> list[str]:
    definitions = item._fixtureinfo.name2fixturedefs
    return [
        name
        for name, chain in definitions.items()
        for fixture in chain
        if fixture.scope != "function" and "_pytest" not in str(getattr(fixture.func, "__module__", ""))
    ]


def _parameters(item: pytest.Function) -> Mapping[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _is_plain(item: pytest.Function) -> bool:
    """Whether an item asks for nothing but our two fixtures and values of its parameters."""
    parameters = _parameters(item)
    fixtures = item.session._fixturemanager
    made = any(fixtures.getfixturedefs(name, item) for name in parameters)
    asked = {*item._fixtureinfo.argnames, *(set(item.fixturenames) - {"request"})} - set(parameters)
    return not made and asked <= {"student", "rng"} and item.cls is None


def _run_phases(item: pytest.Function, begin: Callable[[], None]) -> BaseException | None:
    """Set up, run and tear down one item; what it raised first.

    Not by pytest's hooks: calling them costs more than a small test. Fixtures and parameters are pytest's
    own, and marks that only a hook would heed (skip, xfail) are refused when tests are collected.
    """
    item._initrequest()
    state = item.session._setupstate
    raised: BaseException | None = None
    try:
        begin()
        # What a student returns may overflow in a test's own arithmetic; that is for the test to judge.
        with np.errstate(all="ignore"):
            state.setup(item)
            item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # pytest's own outcomes (fail, skip) are no Exceptions
        raised = error
    finally:
        # No next item: otherwise pytest keeps what it set up for this student alive for the next one.
        try:
            state.teardown_exact(None)
        except Exception as error:
            raised = raised or error
        item._request = False  # type: ignore[assignment]
        item.funcargs = {}
        item._report_sections.clear()
        item.user_properties.clear()
    return raised
