"""What a worker is to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """The code of one hand-in, ready to be run in a worker."""

    modules: Mapping[str, str]  # module of the library -> text, provided ones and stubs among them
    script: str | None = None  # a single file or the cells of a notebook, run once after the library
    adopt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Module -> names that the script defines and that replace those of the module."""
