"""The part of the library that one assignment shows: tasks cut, provided modules whole, no more."""

from __future__ import annotations

from ..course.library import module_path
from ..course.packages import imported_names
from ..model import Assignment, Course
from ..source.names import names_of, parse_name, task_modules
from .stubs import Removed, StubError, stubbed


def project(course: Course, assignment: Assignment, *, solution: bool = False) -> dict[str, str]:
    """Path -> text of the student's library.

    Holds an empty `__init__`, every module with a task, its task bodies cut (whole with `solution`), and
    every provided module as it is. Raises StubError with all faults.
    """
    files = {f"{course.library}/__init__.py": ""}
    faults: list[str] = []
    for module in sorted(task_modules(assignment) | {entry.module for entry in assignment.provided}):
        path = f"{course.library}/{module}.py"
        try:
            text = read_module(course, assignment, module)
            removed = removed_from(assignment, module)
            files[path] = stubbed(text, removed, path) if removed.tasks and not solution else text
        except StubError as error:
            faults += error.faults
    if faults:
        raise StubError(faults)
    return files


def removed_from(assignment: Assignment, module: str) -> Removed:
    """What goes from one module."""
    omitted = map(parse_name, assignment.omit)
    return Removed(
        label=assignment.id.partition("_")[0],
        tasks=tuple(name.qualified for name in names_of(assignment.tasks) if name.module == module),
        omit=tuple(name.qualified for name in omitted if name.module == module),
        packages=tuple(imported for name in assignment.packages for imported in imported_names(name)),
    )


def read_module(course: Course, assignment: Assignment, module: str) -> str:
    """Text of a library module. Raises StubError where there is none."""
    path = module_path(course, module)
    if not path.is_file():
        named = f"{assignment.folder.name}/assignment.yaml names it"
        raise StubError([f"{course.library}/{module}.py: no such module, but {named}; write it or drop it"])
    return path.read_text(encoding="utf-8")
