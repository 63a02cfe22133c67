"""The slice of a course: the files by which one assignment is judged, and no other.

Hidden tests, what they import, the library modules that they and the tasks use, and the specification. The
hash in a report covers the slice; what leaves the course for Gradescope or otter is made of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import yaml

from ..model import MACHINE_PARTS, Assignment, Course
from ..source.names import task_modules
from .bypass import called_import
from .layout import ASSIGNMENT_FILE
from .library import module_path
from .loader import top_names
from .reading import parse_file

VENDOR = "vendor"  # library module whose functions call torch's own, for races against it
_DATA = (".npz", ".npy", ".csv", ".txt", ".json")
_BESIDE = ("handout.md", "test_public.py")  # an assignment does not load without them


def slice_of(course: Course, assignment: Assignment) -> dict[str, Path]:
    """Path under the course's root -> file, of everything that a verdict depends on."""
    graders = course.graders_of(assignment.id)
    start = [path for name in library_modules(assignment) if (path := module_path(course, name)).is_file()]
    files = imported(course, [*start, *graders.rglob("*.py"), module_path(course, "__init__")])
    files |= {path for path in graders.rglob("*") if _is_data(path)}
    files |= _data_beside(files) | {assignment.folder / ASSIGNMENT_FILE}
    return _named(course, files)


def bundle_of(course: Course, assignment: Assignment, *, mistakes: bool = False) -> dict[str, Path]:
    """The slice and what grading elsewhere needs beside it; with `mistakes`, what diagnosis needs as well."""
    files = {assignment.folder / name for name in _BESIDE}
    if mistakes:
        folder = course.mistakes_of(assignment.id)
        known = imported(course, folder.rglob("*.py"))
        files |= known | _data_beside(known) | {path for path in folder.rglob("*") if _is_data(path)}
    for other in {entry.after for entry in assignment.provided if entry.after}:
        files.add(course.assignments / other / ASSIGNMENT_FILE)  # the specification names it
    return slice_of(course, assignment) | _named(course, files)


def bundled_layout(course: Course, key_file: str, tier: int | None = None) -> str:
    """Text of the `course.yaml` of a bundle."""
    content = {
        "library": course.library,
        "tier": course.tier if tier is None else tier,
        "key_file": key_file,
        "assignments": course.assignments.relative_to(course.root).as_posix(),
        "graders": course.graders,
        "mistakes": course.mistakes,
    }
    return yaml.safe_dump(content, sort_keys=False)


def data_files(course: Course, modules: Iterable[str]) -> list[Path]:
    """Data of some library modules: files named after one, as digits.npz and digits_LICENSE.txt are."""
    files = (module_path(course, module) for module in modules)
    return sorted(path for path in _data_beside(files) if path.suffix in _DATA)


def imported(course: Course, start: Iterable[Path]) -> set[Path]:
    """Some files of a course, and all files of it that they import, directly or not."""
    tops = top_names(course)
    files: set[Path] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path not in files:
            files.add(path)
            waiting += [file for name in _imports(course, path) for file in _files(course, name, tops)]
    return files


def library_modules(assignment: Assignment) -> list[str]:
    """Modules of the library that an assignment names, or that its hidden tests may ask for by name."""
    asks = any(set(task.weights) & set(MACHINE_PARTS) for task in assignment.tasks)
    provided = {entry.module for entry in assignment.provided}
    return sorted({*task_modules(assignment), *provided, *([VENDOR] if asks else [])})


def _data_beside(files: Iterable[Path]) -> set[Path]:
    """Data of some modules, which lie beside them and are named after them."""
    return {
        path
        for module in files
        for path in module.parent.glob(f"{module.stem}*")
        if _is_data(path) and (path.stem == module.stem or path.stem.startswith(f"{module.stem}_"))
    }


def _is_data(path: Path) -> bool:
    """Whether it is a file that a course may read, and no code nor what was made of code."""
    made = path.suffix in (".py", ".pyc") or path.name.startswith(".") or "__pycache__" in path.parts
    return not made and path.is_file()


def _named(course: Course, files: Iterable[Path]) -> dict[str, Path]:
    return {path.relative_to(course.root).as_posix(): path for path in sorted(files)}


def _imports(course: Course, path: Path) -> Iterator[str]:
    """Dotted names, from the course's root, that a file imports or may import."""
    own = path.relative_to(course.root).with_suffix("").parts  # of a package the last is `__init__`
    for node in ast.walk(parse_file(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = own[: len(own) - node.level] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            for alias in node.names:
                names = _listed(course, module) if alias.name == "*" else [alias.name]
                yield from (f"{module}.{name}" for name in names)
        elif name := called_import(node):
            yield name


def _listed(course: Course, package: str) -> list[str]:
    """All that `from package import *` may import: any module of the package."""
    return [path.stem for path in course.root.joinpath(*package.split(".")).glob("*")]


def _files(course: Course, name: str, tops: frozenset[str]) -> Iterator[Path]:
    """The file of a module, and those of the packages around it."""
    parts = PurePosixPath(*name.split(".")).parts if name else ()
    if not parts or parts[0] not in tops:
        return
    for length in range(1, len(parts) + 1):
        inner = course.root.joinpath(*parts[:length])
        if (inner / "__init__.py").is_file():
            yield inner / "__init__.py"
        elif length == len(parts) and inner.with_suffix(".py").is_file():
            yield inner.with_suffix(".py")
