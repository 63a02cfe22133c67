"""Catalogued mistakes, run in a student's place and in this process, since the code is our own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from ..author.catalogue import Mistake
from ..course import CourseModules
from ..course.library import module_path
from ..studentkit import Local
from ..studentkit.kinds import Kind


@dataclass
class Suspect:
    """A mistake, and the reference library with this mistake in it."""

    mistake: Mistake
    modules: CourseModules
    kind: Callable[[str, str], Kind]

    @cached_property
    def id(self) -> str:
        """Tells it from every other code, in whatever edition of the catalogue."""
        return hashlib.sha256(f"{self.mistake.module}\0{self._changed}".encode()).hexdigest()[:16]

    @cached_property
    def student(self) -> Local:
        """Its functions, called as those of a student."""
        changed = self._module()

        def load(module: str) -> Any:
            if module == self.mistake.module:
                return changed
            return self.modules.library(module)

        return Local(load, self.kind, wrap=True)

    def _module(self) -> ModuleType:
        title = f"{self.mistake.task}-{self.mistake.id}.py"
        return self.modules.variant(self.mistake.module, self._changed, title)

    @cached_property
    def _changed(self) -> str:
        text = module_path(self.modules.course, self.mistake.module).read_text(encoding="utf-8")
        return self.mistake.apply(text)


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
