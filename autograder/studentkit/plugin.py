"""The pytest plugin of a release: fixtures, and a report in place of pytest's own."""

from __future__ import annotations

import importlib
import sys
import zlib
from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
import pytest

from .explain import Explanation, explain
from .folder import HERE, NotARelease, Release, open_release
from .kinds import kinds_of
from .local import Local
from .notebook import adopt
from .points import Outcome, findings, table


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Local:
    """Your code: `student.<module>.<function>(...)`."""
    clinic: Clinic = request.config.stash[_CLINIC]
    return clinic.student


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Randomness of one test, the same in each run."""
    return np.random.default_rng(zlib.crc32(request.node.nodeid.encode()))


def check(namespace: Mapping[str, Any]) -> None:
    """Run the public tests from a notebook, on its functions where they are done: `check(globals())`."""
    quiet = ["--color=no", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    config = ["-c", str(HERE / "pytest.ini"), f"--rootdir={HERE}"]
    kept = {name: module for name, module in sys.modules.items() if _is_reloaded(name)}
    try:
        pytest.main([str(HERE / "test_public.py"), *config, *quiet], plugins=[_Notebook(namespace)])
    finally:
        # What the notebook has imported must stay the modules that `use` looks into.
        _forget()
        sys.modules.update(kept)


def _is_reloaded(name: str) -> bool:
    return name.partition(".")[0] in (open_release().library, "test_public")


def _forget() -> None:
    """In a notebook the files may have changed since the last run."""
    for name in [each for each in sys.modules if _is_reloaded(each)]:
        del sys.modules[name]
    importlib.invalidate_caches()


class _Notebook:
    """Hands the definitions of a notebook to the plugin."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[_NAMESPACE] = self.namespace


class Clinic:
    """One run of the public tests."""

    def __init__(self, release: Release, namespace: Mapping[str, Any]) -> None:
        self.release = release
        self._outcomes: dict[str, Outcome] = {}
        self._unread: list[str] = []  # files with tests that cannot be collected
        self._left_out = 0
        first = str(release.folder)
        sys.path[:] = [first, *(each for each in sys.path if each != first)]
        _forget()
        adopt(release, namespace, self._load)
        self.student = Local(self._load, kinds_of(self._load))

    def _load(self, module: str) -> Any:
        return importlib.import_module(f"{self.release.library}.{module}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what became of a test, and let its report say it in our words."""
        report = yield
        if report.failed and call.excinfo is not None:
            why = explain(call.excinfo.value, call.excinfo.tb, self.release)
            report.longrepr = "\n".join(why.lines)
            self._note(item, passed=False, why=why, printed=report.capstdout)
        elif report.skipped:
            self._note(item, passed=False, why=Explanation(("skipped",)))
        elif report.when == "call":
            self._note(item, passed=True)
        return report

    def _note(self, item: pytest.Item, **what: Any) -> None:
        marker = item.get_closest_marker("task")
        task = str(marker.args[0]) if marker and marker.args else ""
        part = str(marker.kwargs.get("part", "forward")) if marker else ""
        self._outcomes[item.nodeid] = Outcome(item.name, task, part, **what)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file whose tests cannot be read would vanish with pytest's own report."""
        if report.failed:
            self._unread.append(f"{report.nodeid}: its tests cannot be read\n{report.longreprtext}")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """`-k conv` means the tests of the task conv, whatever they are called."""
        marker = item.get_closest_marker("task")
        if marker and marker.args:
            item.extra_keyword_matches.add(str(marker.args[0]))

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count the tests that were not asked for."""
        self._left_out += len(items)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What failed, then the points."""
        outcomes = list(self._outcomes.values())
        lines = [line for each in self._unread for line in each.splitlines()]
        lines += ["", *findings(self.release, outcomes), *table(self.release, outcomes)]
        if self._left_out:
            lines.append(f"{self._left_out} tests did not run; the points are those of the tests that did.")
        for line in lines:
            terminalreporter.write_line(line)


_CLINIC = pytest.StashKey[Clinic]()
_NAMESPACE = pytest.StashKey[Mapping[str, Any]]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set up the run; a release without its list of tasks cannot be tested."""
    config.addinivalue_line("markers", "task(id, part): the task that a test counts towards")
    try:
        release = open_release()
    except NotARelease as error:
        raise pytest.UsageError(str(error)) from error
    clinic = Clinic(release, config.stash.get(_NAMESPACE, {}))
    config.stash[_CLINIC] = clinic
    config.pluginmanager.register(clinic, "clinic")
