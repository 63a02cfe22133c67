"""What a framework is to this project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]


class ArrayData(Numbers):
    """The numbers of a framework's array that crossed the border, flagged so that it is no numpy answer."""

    kind: ClassVar[str]  # what a function promises that is annotated to give one: "tensor"
    said: ClassVar[str]  # in messages: "a torch tensor"


@dataclass(frozen=True)
class Arrays:
    """How the arrays of a framework cross the border: as their numbers."""

    flag: type[ArrayData]
    types: Callable[[], tuple[type, ...]]  # of values and in annotations; none where it is not loaded
    numbers: Callable[[Any], Numbers]  # of an array
    make: Callable[[Numbers], Any]  # an array of these numbers
    copy: Callable[[Any], Any]  # of an array, with the order of its axes in memory

    @property
    def kind(self) -> str:
        """The kind that its arrays have; see `studentkit/kinds.py`."""
        return self.flag.kind


@dataclass(frozen=True)
class Build:
    """A build for processors alone, installed by itself: a tenth of the size of the usual one."""

    version: str  # for graders that are built elsewhere
    index: str  # URL where pip finds it


@dataclass(frozen=True)
class Kernels:
    """How the kernels of a framework run: interpreted, unless they are compiled for a GPU."""

    interpreted: Mapping[str, str]  # variables where they are interpreted, before it is loaded
    compiled: Mapping[str, str]  # variables where they are compiled
    cache: str  # variable that names the folder for what was compiled
    driver: str  # variable that names the folder of the GPU's driver
    programs: str  # folder of the compiler's programs, from where its package lies


@dataclass(frozen=True)
class Framework:
    """One framework. Whoever adds one writes this record in a file and names it in the table.

    Words for faults are looked for in what an exception says, where Python has no type for the fault.
    """

    name: str  # as it is installed, imported, and listed by an assignment
    requirement: str  # line of a release's requirements.txt
    kept: tuple[str, ...] = ()  # modules beside itself whose plain imports stay in a stub
    preload: tuple[str, ...] = ()  # modules beside itself to be loaded before student code is
    environment: Mapping[str, str] = field(default_factory=dict)  # variables, before it is loaded
    notebook: str = ""  # first lines of code in a release's notebook
    adopted: bool = False  # whether notebooks of other graders may import it
    build: Build | None = None  # for processors, where PyPI's is another
    optional: bool = False  # whether only grading needs it to be installed
    threads: bool = False  # whether it does not work where no thread can be started
    prepare: Callable[[], None] = lambda: None  # run once it is loaded, before the first fork
    seed: Callable[[int], None] = lambda _: None  # fix its global random numbers
    arrays: Arrays | None = None  # where they are not numpy's
    kernels: Kernels | None = None  # where functions in it are compiled for a GPU
    out_of_memory: tuple[str, ...] = ()  # words for it
    no_device: tuple[str, ...] = ()  # words for a GPU that is not there
