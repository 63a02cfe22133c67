"""The record that describes a framework: what the grader has to know to support it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]


class ArrayData(Numbers):
    """A numpy array with the numbers of a framework's array that crossed the border.

    Its subclass tells which framework the array was of: a task that asks for a tensor refuses numpy's.
    """

    kind: ClassVar[str]  # what a function promises that is annotated to give one: "tensor"
    said: ClassVar[str]  # in messages: "a torch tensor"


@dataclass(frozen=True)
class Arrays:
    """How a framework's arrays cross the border between grader and worker: as numpy arrays and back."""

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
    """A build for machines without a GPU, a tenth of the size of the usual one, from an index of its own."""

    version: str  # for graders that are built elsewhere
    index: str  # URL where pip finds it


@dataclass(frozen=True)
class Kernels:
    """How a framework's GPU kernels are run: interpreted on the processor, or compiled for a GPU.

    "Variable" means one of the environment.
    """

    interpreted: Mapping[str, str]  # variables that make kernels be interpreted; set before it is loaded
    compiled: Mapping[str, str]  # variables to set instead where kernels are compiled
    cache: str  # name of the variable that says where compiled kernels are kept
    driver: str  # name of the variable that says in which folder the GPU's driver lies
    programs: str  # folder of the assembler that it brings, as a path inside site-packages


@dataclass(frozen=True)
class Framework:
    """One framework. To add one, write this record in a file of its own and name it in the table.

    `out_of_memory` and `no_device` are phrases of the framework's error messages, for faults that have no
    exception type of their own.
    """

    name: str  # as it is installed, imported, and listed by an assignment
    requirement: str  # line of a release's requirements.txt
    kept: tuple[str, ...] = ()  # modules beside itself whose plain imports stay in a stub
    preload: tuple[str, ...] = ()  # further modules to load before student code
    environment: Mapping[str, str] = field(default_factory=dict)  # variables to set before it is loaded
    notebook: str = ""  # first lines of code in a release's notebook
    adopted: bool = False  # whether notebooks of other graders may import it
    build: Build | None = None  # the build for machines without a GPU, where PyPI's is another
    optional: bool = False  # whether a course loads where it is not installed; grading needs it
    threads: bool = False  # whether it needs threads of its own
    prepare: Callable[[], None] = lambda: None  # run once it is loaded, before the first fork
    seed: Callable[[int], None] = lambda _: None  # fix its global random numbers
    arrays: Arrays | None = None  # where they are not numpy's
    kernels: Kernels | None = None  # where functions in it are compiled for a GPU
    out_of_memory: tuple[str, ...] = ()  # words for it
    no_device: tuple[str, ...] = ()  # words for a GPU that is not there
