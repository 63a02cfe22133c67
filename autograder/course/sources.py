"""Names of code in the course's library: "dlc_lib.conv:conv_forward", "dlc_lib.autograd:Tensor.relu"."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from ..model import Assignment, Course

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def module_path(course: Course, module: str) -> Path:
    """File of a module of the library."""
    return course.root / course.library / f"{module}.py"


def split_source(course: Course, source: str) -> tuple[str, str]:
    """(module within the library, qualified name). Raises ValueError with a sentence."""
    path, _, qualified = source.partition(":")
    package, _, module = path.partition(".")
    if package != course.library or not module.isidentifier() or not qualified:
        raise ValueError(f"must be like {course.library}.module:function, not {source!r}")
    return module, qualified


def find_source(course: Course, source: str) -> Definition:
    """The definition. Raises ValueError with a sentence that says what is not there."""
    module, qualified = split_source(course, source)
    path = module_path(course, module)
    if not path.is_file():
        raise ValueError(f"names {source}, but there is no file {course.library}/{module}.py")
    found: ast.AST = _parsed(path, path.stat().st_mtime_ns)
    for part in qualified.split("."):
        inside = getattr(found, "body", [])
        named = [n for n in inside if isinstance(n, Definition) and n.name == part]
        if not named:
            raise ValueError(f"names {source}, but {course.library}/{module}.py defines no {qualified}")
        found = named[-1]
    assert isinstance(found, Definition)
    return found


@lru_cache(maxsize=64)
def _parsed(path: Path, _mtime: int) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise ValueError(f"is in {path.name}, which is no Python: line {error.lineno}: {error.msg}") from None


def task_modules(assignment: Assignment) -> set[str]:
    """Modules of the library that hold a task."""
    return {parts_of(name)[0] for task in assignment.tasks for name in task.source}


def parts_of(source: str) -> tuple[str, str]:
    """Module and qualified name: "dlc_lib.conv:conv_forward" -> ("conv", "conv_forward")."""
    module, _, name = source.partition(":")
    return module.rpartition(".")[2], name
