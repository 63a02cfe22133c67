"""Hidden tests in a folder, of no course to speak of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from autograder.course import modules_of
from autograder.model import Course


def loads(folder: Path) -> Callable[[Path], ModuleType]:
    """What loads the files of the folder, as those of a course that is this folder and nothing else."""
    root = folder.parent.resolve()
    return modules_of(Course(root, "lib", 1, root / "key", root, folder.name, "mistakes")).load
