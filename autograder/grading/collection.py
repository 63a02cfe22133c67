"""Hidden tests collected, and refused where they are written wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.main import Session

from ..errors import GraderError
from ..model import MACHINE_PARTS, Task
from ..studentkit.marks import TASK_MARK, judged_answer


class Loading:
    """Has the files of hidden tests loaded by their course, and not by pytest. A plugin."""

    def __init__(self, load: Callable[[Path], ModuleType], folder: Path) -> None:
        self._load = load
        self._conftest = folder / "conftest.py"

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the mark of hidden tests; take the folder's own fixtures and hooks."""
        config.addinivalue_line("markers", TASK_MARK)
        if self._conftest.is_file():
            config.pluginmanager.register(self._load(self._conftest))

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module:
        """A file of hidden tests."""
        return hidden_module(self._load, module_path, parent)


def hidden_module(load: Callable[[Path], ModuleType], path: Path, parent: pytest.Collector) -> pytest.Module:
    """A collector of the tests in a file, which `load` loads."""
    module: _Module = _Module.from_parent(parent, path=path)
    module.load = load
    return module


class _Module(pytest.Module):
    load: Callable[[Path], ModuleType]

    def _getobj(self) -> ModuleType:
        try:
            return self.load(self.path)
        except Exception as error:
            raise self.CollectError(f"{type(error).__name__}: {error}") from error


def collect(session: Session, folder: Path) -> list[pytest.Function]:
    """The hidden tests of a folder. Raises GraderError where there are none or one does not import."""
    failures: list[str] = []

    class Watch:
        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                failures.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    session.config.pluginmanager.register(watch := Watch())
    try:
        items = session.perform_collect()
    finally:
        session.config.pluginmanager.unregister(watch)
    if failures:
        raise GraderError("\n".join(failures))
    if not items:
        raise GraderError(f"{folder}: no hidden tests; expected functions test_... in files test_*.py")
    return [item for item in items if isinstance(item, pytest.Function)]


def belonging(
    items: list[pytest.Function], tasks: Mapping[str, Task], folder: Path
) -> dict[str, tuple[str, str]]:
    """Task and part of each test. Raises GraderError with everything that is written wrongly."""
    belonging = {item.nodeid: (_task_of(item), part_of(item)) for item in items}
    faults = [fault for item in items for fault in _faults(item, tasks)]
    faults += _one_sided(items, belonging)
    covered = set(belonging.values())
    for task in tasks.values():
        missing = [part for part in task.weights if (task.id, part) not in covered]
        if task.kind == "code" and missing:
            faults.append(f"{folder}: no test for {', '.join(missing)} of task {task.id}, which has weight")
    if faults:
        raise GraderError("\n".join(faults))
    return belonging


def _faults(item: pytest.Function, tasks: Mapping[str, Task]) -> Iterator[str]:
    """What is written wrongly of one test."""
    task, part = _task_of(item), part_of(item)
    if task not in tasks:
        yield f"{item.nodeid}: marks the task {task!r}; expected one of {', '.join(tasks)}"
    elif part not in tasks[task].weights:
        known = ", ".join(tasks[task].weights)
        yield f"{item.nodeid}: marks part {part!r} of {task}, whose weights name {known}"
    for name in _unknown(item):
        yield (
            f"{item.nodeid}: asks for the fixture {name!r}, which nothing gives; those of speed need a task "
            f"with a part {' or '.join(MACHINE_PARTS)}"
        )
    for name in _long_lived(item):
        yield f"{item.nodeid}: fixture {name} outlives a test; make it function-scoped"
    for mark in item.iter_markers():
        if mark.name in ("skip", "skipif", "xfail"):
            yield f"{item.nodeid}: is marked {mark.name}; a hidden test always runs, so take the mark off"


def _task_of(item: pytest.Function) -> str:
    marker = item.get_closest_marker("task")
    return str(marker.args[0]) if marker and marker.args else ""


def _one_sided(items: list[pytest.Function], belonging: Mapping[str, tuple[str, str]]) -> list[str]:
    """Tasks whose judgements all have one right answer: whoever always gives it would look right."""
    answers: dict[str, set[str]] = {}
    for item in items:
        if answer := judged_answer(item):
            answers.setdefault(belonging[item.nodeid][0], set()).add(answer)
    return [
        f"the right answer of every test of {task} that judges is {answer!r}; add one with another"
        for task, (answer, *others) in answers.items()
        if not others
    ]


def _unknown(item: pytest.Function) -> list[str]:
    """Fixtures that a test asks for and that nothing gives."""
    given = {*parameters(item), *item._fixtureinfo.name2fixturedefs, "request"}
    return [name for name in item.fixturenames if name not in given]


def _long_lived(item: pytest.Function) -> list[str]:
    definitions = item._fixtureinfo.name2fixturedefs
    return [
        name
        for name, chain in definitions.items()
        for fixture in chain
        if fixture.scope != "function" and "_pytest" not in str(getattr(fixture.func, "__module__", ""))
    ]


def parameters(item: pytest.Function) -> Mapping[str, Any]:
    """Values of a test's parameters, by name."""
    return item.callspec.params if hasattr(item, "callspec") else {}


def is_plain(item: pytest.Function, ours: Set[str]) -> bool:
    """Whether an item asks for nothing but our fixtures and values of its parameters."""
    given = parameters(item)
    fixtures = item.session._fixturemanager
    made = any(fixtures.getfixturedefs(name, item) for name in given)
    asked = {*item._fixtureinfo.argnames, *(set(item.fixturenames) - {"request"})} - set(given)
    return not made and asked <= ours and item.cls is None


def part_of(item: pytest.Function) -> str:
    """The part of its task that a test counts towards."""
    marker = item.get_closest_marker("task")
    return str(marker.kwargs.get("part", "forward")) if marker else ""
