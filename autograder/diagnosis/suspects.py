"""Known wrong code, run in a student's place and in this process, since the code is our own."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Protocol

from ..author.catalogue import Mistake
from ..course import CourseModules
from ..course.library import module_path
from ..course.slicing import imported
from ..grading import GraderSession, Student
from ..studentkit import Local
from ..studentkit.kinds import Kind
from .timecap import within


class Known(Protocol):
    """A mistake or a variant of the catalogue, or a mutant: an edit of a module of the library."""

    @property
    def id(self) -> str:
        """Tells it from others of its task."""

    @property
    def task(self) -> str:
        """The task that it stands in."""

    @property
    def module(self) -> str:
        """The library module that it changes."""

    def apply(self, source: str) -> str:
        """The text of the module with the change in it. Raises ValueError where it does not apply."""


@dataclass
class Suspect:
    """One or more changes of the reference library, and what is said of code that has them."""

    name: str  # of the mistake for reports
    says: str  # the sentence for the student
    changes: tuple[Known, ...]  # made one after the other
    modules: CourseModules
    kind: Callable[[str, str], Kind]
    sure: float = 1.0  # how far to believe that code with the same wrong numbers has the same mistake

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Module -> its text with the changes. Raises ValueError where they cannot be made together."""
        return _texts(self.changes, self.modules)

    @cached_property
    def id(self) -> str:
        """Tells it from every other code, in whatever edition of the catalogue."""
        changed = "\0".join(f"{module}\0{text}" for module, text in sorted(self.texts.items()))
        return hashlib.sha256(changed.encode()).hexdigest()[:16]

    @cached_property
    def student(self) -> Local:
        """Its functions, called as those of a student."""
        return student_of(self.changes, self.modules, self.kind)

    def after(self, other: Suspect, name: str, says: str, sure: float) -> Suspect | None:
        """Code with the changes of another, too; None where these cannot be made one after the other."""
        changes = (*other.changes, *self.changes)
        both = Suspect(name, says, changes, self.modules, self.kind, sure)
        try:
            return both if both.texts else None
        except (ValueError, SyntaxError):
            return None


def student_of(changes: Sequence[Known], modules: CourseModules, kind: Callable[[str, str], Kind]) -> Local:
    """The functions of the reference library with known code in it, loaded afresh.

    Modules that import a changed one are loaded anew, too, so that what is built on a mistake has it.
    """
    texts = _texts(changes, modules)
    files = {module_path(modules.course, module) for module in texts}
    title = "-".join(f"{change.task}-{change.id}" for change in changes)
    loaded: dict[str, ModuleType] = {}

    def load(module: str) -> ModuleType:
        if module not in loaded:
            path = module_path(modules.course, module)
            needed = imported(modules.course, [path]) if path.is_file() else set()
            beside = files & needed - {path}
            if module not in texts and not beside:
                return modules.library(module)
            names = {file.stem for file in needed if file.parent == path.parent} if beside else set()
            others = {name: load(name) for name in names - {module, "__init__"}}
            text = texts.get(module) or path.read_text(encoding="utf-8")
            loaded[module] = modules.variant(module, text, f"{title} {module}.py", others)
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


def _texts(changes: Sequence[Known], modules: CourseModules) -> dict[str, str]:
    texts: dict[str, str] = {}
    for change in changes:
        before = texts.get(change.module)
        if before is None:
            before = module_path(modules.course, change.module).read_text(encoding="utf-8")
        texts[change.module] = change.apply(before)
    return texts


def suspects_of(
    modules: CourseModules, mistakes: Iterable[Mistake], kind: Callable[[str, str], Kind]
) -> dict[str, list[Suspect]]:
    """Task -> its mistakes, in the order of the catalogue."""
    found: dict[str, list[Suspect]] = {}
    for mistake in mistakes:
        suspect = Suspect(mistake.id, mistake.says, (mistake,), modules, kind)
        found.setdefault(mistake.task, []).append(suspect)
    return found


def sections(handout: Path) -> dict[int, str]:
    """Number -> title of the handout's numbered sections."""
    found = {}
    for line in handout.read_text(encoding="utf-8").splitlines():
        number, dot, title = line.removeprefix("## ").partition(". ")
        if line.startswith("## ") and dot and number.isdigit():
            found[int(number)] = title.strip()
    return found
