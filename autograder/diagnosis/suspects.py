"""Catalogued mistakes, run in a student's place and in this process, since the code is our own."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from ..author.catalogue import Mistake, Variant
from ..course import CourseModules
from ..course.library import module_path
from ..course.slicing import imported
from ..grading import GraderSession, Student
from ..studentkit import Local
from ..studentkit.kinds import Kind
from .timecap import within


@dataclass
class Suspect:
    """A mistake, and the reference library with this mistake in it."""

    mistake: Mistake
    modules: CourseModules
    kind: Callable[[str, str], Kind]

    @cached_property
    def id(self) -> str:
        """Tells it from every other code, in whatever edition of the catalogue."""
        changed = _changed(self.mistake, self.modules)
        return hashlib.sha256(f"{self.mistake.module}\0{changed}".encode()).hexdigest()[:16]

    @cached_property
    def student(self) -> Local:
        """Its functions, called as those of a student."""
        return student_of(self.mistake, self.modules, self.kind)


def student_of(
    solution: Mistake | Variant, modules: CourseModules, kind: Callable[[str, str], Kind]
) -> Local:
    """The functions of the reference library with known code in it, loaded afresh.

    Modules that import the changed one are loaded anew, too, so that what is built on a mistake has it.
    """
    changed = module_path(modules.course, solution.module)
    title = f"{solution.task}-{solution.id}"
    text = _changed(solution, modules)
    loaded = {solution.module: modules.variant(solution.module, text, f"{title}.py")}

    def load(module: str) -> ModuleType:
        if module not in loaded:
            path = module_path(modules.course, module)
            needed = imported(modules.course, [path]) if path.is_file() else set()
            if changed not in needed:
                return modules.library(module)
            names = {file.stem for file in needed if file.parent == path.parent} - {module, "__init__"}
            beside = {name: load(name) for name in names}
            text = path.read_text(encoding="utf-8")
            loaded[module] = modules.variant(module, text, f"{title} {module}.py", beside)
        return loaded[module]

    return Local(load, kind, wrap=True)


def raised(
    session: GraderSession,
    test_id: str,
    load: Callable[[], Student],
    seeds: Callable[[str], int],
    seconds: float,
) -> BaseException | None:
    """What a test raises on known code, which may not even load; TookTooLong after so many seconds."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about code that is meant to be wrong
            return within(seconds, lambda: session.attempt(test_id, load(), seeds))
    except Exception as error:
        return error


def _changed(solution: Mistake | Variant, modules: CourseModules) -> str:
    text = module_path(modules.course, solution.module).read_text(encoding="utf-8")
    return solution.apply(text)


def suspects_of(
    modules: CourseModules, mistakes: Iterable[Mistake], kind: Callable[[str, str], Kind]
) -> dict[str, list[Suspect]]:
    """Task -> its mistakes, in the order of the catalogue."""
    found: dict[str, list[Suspect]] = {}
    for mistake in mistakes:
        found.setdefault(mistake.task, []).append(Suspect(mistake, modules, kind))
    return found


def sections(handout: Path) -> dict[int, str]:
    """Number -> title of the handout's numbered sections."""
    found = {}
    for line in handout.read_text(encoding="utf-8").splitlines():
        number, dot, title = line.removeprefix("## ").partition(". ")
        if line.startswith("## ") and dot and number.isdigit():
            found[int(number)] = title.strip()
    return found
