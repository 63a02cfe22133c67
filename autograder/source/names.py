"""Names of code as an assignment writes them: "dlc_lib.conv:conv_forward", "dlc_lib.autograd:Tensor.relu"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..model import Assignment, Task


@dataclass(frozen=True, slots=True)
class Name:
    """A function, class or method of a module of the library."""

    library: str  # "dlc_lib"
    module: str  # within the library: "autograd"
    qualified: str  # within the module: "Tensor.relu"

    @property
    def top(self) -> str:
        """The name that the module itself binds: "Tensor" of "Tensor.relu"."""
        return self.qualified.partition(".")[0]

    @property
    def method(self) -> str:
        """What follows the class: "relu" of "Tensor.relu"; empty for a function or a class."""
        return self.qualified.partition(".")[2]


def parse_name(text: str) -> Name:
    """The parts of a name; those that it lacks are empty."""
    path, _, qualified = text.partition(":")
    library, _, module = path.rpartition(".")
    return Name(library, module, qualified)


def names_of(tasks: Iterable[Task]) -> Iterator[Name]:
    """The names of all functions that some tasks are about, in order."""
    return (parse_name(source) for task in tasks for source in task.source)


def task_modules(assignment: Assignment) -> set[str]:
    """Modules of the library that hold a task."""
    return {name.module for name in names_of(assignment.tasks)}
