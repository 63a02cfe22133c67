"""Catalogued mistakes as students whose code runs here: it is ours."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ..mistakes.catalogue import Mistake
from ..model import Course
from ..studentkit import Local
from ..studentkit.kinds import Kind


@dataclass
class Suspect:
    """A mistake, and the reference library with this mistake in it."""

    mistake: Mistake
    course: Course
    kind: Callable[[str, str], Kind]

    @cached_property
    def student(self) -> Local:
        """Its functions, called as those of a student."""
        changed = self._module()

        def load(module: str) -> Any:
            if module == self.mistake.module:
                return changed
            return import_module(f"{self.course.library}.{module}")

        return Local(load, self.kind, wrap=True)

    def _module(self) -> ModuleType:
        library, name = self.course.library, self.mistake.module
        path = self.course.root / library / f"{name}.py"
        module = ModuleType(f"{library}.{name}")
        module.__package__ = library  # its relative imports give the reference
        text = self.mistake.apply(path.read_text(encoding="utf-8"))
        before = sys.modules.get(module.__name__)
        sys.modules[module.__name__] = module  # a dataclass looks its module up
        name = f"{self.mistake.task}-{self.mistake.id}.py"
        lines = text.splitlines(keepends=True)  # Triton reads the source of its kernels
        linecache.cache[name] = (len(text), None, lines, name)
        try:
            exec(compile(text, name, "exec", dont_inherit=True), module.__dict__)
        finally:
            _restore(module.__name__, before)
        return module


def suspects_of(
    course: Course, mistakes: Iterable[Mistake], kind: Callable[[str, str], Kind]
) -> dict[str, list[Suspect]]:
    """Task -> its mistakes, in the order of the catalogue."""
    found: dict[str, list[Suspect]] = {}
    for mistake in mistakes:
        found.setdefault(mistake.task, []).append(Suspect(mistake, course, kind))
    return found


def sections(handout: Path) -> dict[int, str]:
    """Number -> title of the handout's numbered sections."""
    found = {}
    for line in handout.read_text(encoding="utf-8").splitlines():
        number, dot, title = line.removeprefix("## ").partition(". ")
        if line.startswith("## ") and dot and number.isdigit():
            found[int(number)] = title.strip()
    return found


def _restore(name: str, module: ModuleType | None) -> None:
    if module is None:
        del sys.modules[name]
    else:
        sys.modules[name] = module
