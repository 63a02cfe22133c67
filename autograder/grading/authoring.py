"""A pytest plugin for authors: hidden tests run on the course's own solution.

In the `conftest.py` above the graders, `pytest_plugins = ["autograder.grading.authoring"]`; then
`pytest solutions/a4_cnn/graders` runs them in this process. Tests of speed need "autograder.speed.authoring"
beside it. What takes a clock or a sandbox is skipped.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..course import CourseModules, load_course, modules_of
from ..course.layout import COURSE_FILE
from ..errors import OpenPoints
from ..replay import Replay
from ..studentkit import Local
from ..studentkit.gate import undeclared_open
from ..studentkit.kinds import kinds_of
from ..studentkit.marks import TASK_MARK
from .collection import hidden_module


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of hidden tests."""
    config.addinivalue_line("markers", TASK_MARK)


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Have every conftest among hidden tests loaded as these are, before pytest does it in its own way."""
    path = Path(getattr(plugin, "__file__", None) or "")
    modules = _modules_around(path.parent) if path.name == "conftest.py" else None
    if modules is not None:
        folders = modules.course.graders.replace("{id}", "*")
        for conftest in modules.course.root.glob(f"{folders}/conftest.py"):
            if not manager.has_plugin(str(conftest)):
                manager.register(modules.load(conftest), str(conftest))


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A file of hidden tests, loaded as in grading; any other is left to pytest."""
    modules = _modules_around(module_path.parent)
    if modules is None or not _is_hidden(modules, module_path):
        return None
    return hidden_module(modules.load, module_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Skip what can only be judged by the grader."""
    try:
        return (yield)
    except OpenPoints as why:
        pytest.skip(str(why))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[Local]:
    """The course's own solution: `student.<module>.<function>(...)`."""
    modules = _modules_around(request.path.parent)
    assert modules is not None
    with undeclared_open():
        yield Local(modules.library, kinds_of(modules.library), wrap=True)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Randomness of one test, the same in each run."""
    return np.random.default_rng(zlib.crc32(request.node.nodeid.encode()))


@pytest.fixture
def replay() -> Replay:
    """Runs programs in this process."""
    return Replay()


@lru_cache(maxsize=64)
def _root_around(folder: Path) -> Path | None:
    return next((each for each in (folder, *folder.parents) if (each / COURSE_FILE).is_file()), None)


def _modules_around(folder: Path) -> CourseModules | None:
    root = _root_around(folder)
    return modules_of(load_course(root)) if root else None


def _is_hidden(modules: CourseModules, path: Path) -> bool:
    """Whether the file lies where the course keeps hidden tests."""
    before, _, after = modules.course.graders.partition("{id}")
    inner = path.parent.relative_to(modules.course.root).as_posix()
    name = inner.removeprefix(before).partition("/")[0]
    return inner == f"{before}{name}{after}"
