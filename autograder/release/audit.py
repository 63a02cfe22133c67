"""The leak audit: what a built folder shows that it must not. Looks at bytes, not at how they came there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER
from itertools import pairwise
from pathlib import Path

from ..model import Assignment, Course
from ..source.definitions import Function, named_statements
from ..source.names import task_modules
from .contents import MANIFEST, allowed_paths
from .fragments import fragments, squeezed
from .giveaway import undeclared
from .projection import read_module, removed_from
from .unused import drop_unused, helpers_left
from .views import View, views
from .withheld import Withheld

_COMPILED = (".pyc", ".pyo")


def folder_leaks(
    folder: Path, course: Course, assignment: Assignment, withheld: Withheld | None
) -> list[str]:
    """Every leak of a built release, one sentence each; empty where it may go out.

    Without `withheld` the folder holds the complete work, and only its files are checked. Raises OSError
    where a file cannot be read, since what cannot be read cannot be cleared.
    """
    allowed = allowed_paths(course, assignment)
    leaks: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            leaks.append(f"{name}: is a symbolic link; a release holds plain files")
        elif path.is_file():
            data = path.read_bytes()
            leaks += _file_leaks(name, data, course.library, allowed, withheld or Withheld())
    if withheld is not None:
        leaks += _library_leaks(folder, course, assignment) + undeclared(course, assignment)
    return list(dict.fromkeys(leaks))


def _file_leaks(
    name: str, data: bytes, library: str, allowed: frozenset[str], withheld: Withheld
) -> Iterator[str]:
    if name.endswith(_COMPILED) or data.startswith(MAGIC_NUMBER):
        yield f"{name}: is compiled code, which holds everything its source held"
    elif name not in allowed:
        yield f"{name}: is not on the list of files of a release"
    yield from (f"{name}: holds {origin}" for code, origin in withheld.bytecode.items() if code in data)
    for view in views(name, data, library):
        yield from view.faults
        yield from _code_leaks(view, withheld)
        yield from _text_leaks(view, withheld)


def _code_leaks(view: View, withheld: Withheld) -> Iterator[str]:
    for body, offset in view.code:
        run = fragments(body)
        for fragment in run:
            telling = [withheld.statements.get(fragment.whole)]
            telling += [withheld.expressions.get(part) for part in fragment.expressions]
            for origin in filter(None, telling):
                yield f"{view.name}:{fragment.line + offset}: shows {origin}"
        for first, second in pairwise(run):
            pair = withheld.pairs.get((first.whole, second.whole))
            if pair:
                yield f"{view.name}:{first.line + offset}: shows {pair}"


def _text_leaks(view: View, withheld: Withheld) -> Iterator[str]:
    text = squeezed(view.text)
    for part, origin in withheld.texts.items():
        if part in text:
            yield f"{view.name}: shows {origin} in a text or comment"


def _library_leaks(folder: Path, course: Course, assignment: Assignment) -> list[str]:
    """Stubs that are none, and what only served the withheld code.

    Not of modules that the assignment provides: whoever lists one hands it out as it is.
    """
    leaks: list[str] = []
    for module in sorted(task_modules(assignment)):
        name = f"{course.library}/{module}.py"
        text = (folder / name).read_text("utf-8")
        removed = removed_from(assignment, module)
        defined = named_statements(ast.parse(text))
        tasks = {task.partition(".")[0] for task in removed.tasks}
        for task in removed.tasks:
            stubs = [_is_released_stub(node, f"{removed.label}/{task}") for node in defined.get(task, ())]
            if not stubs or not all(stubs):
                leaks.append(f"{name}: {task} is no stub of docstring and `raise NotImplementedError`")
        leaks += [
            f"{name}: shows the helper {helper}, which is omitted"
            for helper in removed.omit
            if helper in defined
        ]
        whole = read_module(course, assignment, module)
        if drop_unused(whole, text, removed.packages) != text:
            leaks.append(f"{name}: imports or constants that only withheld code used")
        leaks += [
            f"{name}: {helper} serves only withheld code; list {course.library}.{module}:{helper} as `omit`, "
            "or tell students of it"
            for helper in helpers_left(whole, text, tasks, *_others(folder, course, assignment, module))
        ]
    return leaks


def _others(folder: Path, course: Course, assignment: Assignment, module: str) -> tuple[str, str]:
    """What students are told by all files but one module, and the library's other modules before the cut.

    The kit is not told: it is the same in every release.
    """
    own = folder / course.library / f"{module}.py"
    silent = (own, folder / MANIFEST)  # which lists every function, for the tests at home
    released = (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in silent and "studentkit" not in path.relative_to(folder).parts
    )
    modules = {*task_modules(assignment), *(entry.module for entry in assignment.provided)} - {module}
    return (
        "\n".join(path.read_bytes().decode("utf-8", "replace") for path in released),
        "\n".join(read_module(course, assignment, other) for other in sorted(modules)),
    )


def _is_released_stub(node: ast.stmt, label: str) -> bool:
    """Docstring, then the one line; a wrong label would leave the kit unable to tell stubs from errors."""
    if not isinstance(node, Function) or ast.get_docstring(node) is None or len(node.body) != 2:
        return False
    return ast.unparse(node.body[1]) == f"raise NotImplementedError({label!r})"
