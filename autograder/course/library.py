"""The course's library: the files of its modules, and the definitions that a specification names."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from ..model import Course
from ..source.definitions import Definition, named_statements
from ..source.names import parse_name


def module_path(course: Course, module: str) -> Path:
    """File of a module of the library."""
    return course.root / course.library / f"{module}.py"


def find_source(course: Course, source: str) -> Definition:
    """The definition that a name of a specification leads to.

    Raises ValueError with a sentence that says what is not there.
    """
    name = parse_name(source)
    if name.library != course.library or not name.module.isidentifier() or not name.qualified:
        raise ValueError(f"must be like {course.library}.module:function, not {source!r}")
    path = module_path(course, name.module)
    if not path.is_file():
        raise ValueError(f"names {source}, but there is no file {course.library}/{name.module}.py")
    named = named_statements(_parsed(path, path.stat().st_mtime_ns)).get(name.qualified, [])
    definitions = [node for node in named if isinstance(node, Definition)]
    if not definitions:
        raise ValueError(f"names {source}, but {course.library}/{name.module}.py defines no {name.qualified}")
    return definitions[-1]


@lru_cache(maxsize=64)
def _parsed(path: Path, _mtime: int) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise ValueError(f"is in {path.name}, which is no Python: line {error.lineno}: {error.msg}") from None
