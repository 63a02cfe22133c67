"""What a worker is to load."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from .inside.script import FILE


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """The code of one hand-in, ready to be run in a worker."""

    modules: Mapping[str, str]  # module of the library -> text, provided ones and stubs among them
    script: str | None = None  # a single file or the cells of a notebook, run once after the library
    adopt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Module -> names that the script defines and that replace those of the module."""
    origins: tuple[tuple[int, str], ...] = ()
    """First line of each part of the script, in order, and where it comes from: "hw4.ipynb, cell 3"."""

    def as_handed_in(self, file: str, line: int) -> tuple[str, int]:
        """Where the student finds a line: ("hw4.ipynb, cell 3", 2); a module's is where it is."""
        at = bisect_right(self.origins, line, key=lambda origin: origin[0]) if file == FILE else 0
        if not at:
            return file, line
        first, where = self.origins[at - 1]
        return where, line - first + 1
