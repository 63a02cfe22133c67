"""Which files of a course an assignment's graders need: what they import, and what that imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path


def closure(start: Iterable[Path], packages: Mapping[str, Path]) -> set[Path]:
    """The files, and those that they import from some packages (dotted name -> folder), and so on."""
    found: set[Path] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting += _imported(path, packages)
    return found


def _imported(path: Path, packages: Mapping[str, Path]) -> set[Path]:
    own = _dotted(path, packages)
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = own[: len(own) - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = {module, *(f"{module}.{alias.name}" for alias in node.names)}
        else:
            continue
        found |= {file for name in names for file in _files(name, packages)}
    return found


def _dotted(path: Path, packages: Mapping[str, Path]) -> list[str]:
    """Parts of a file's dotted name; of a package's `__init__` that is the last part."""
    for name, folder in packages.items():
        if path.is_relative_to(folder):
            return [*name.split("."), *path.relative_to(folder).with_suffix("").parts]
    return []


def _files(name: str, packages: Mapping[str, Path]) -> Iterable[Path]:
    for package, folder in packages.items():
        if name == package or name.startswith(f"{package}."):
            inner = folder.joinpath(*name.removeprefix(package).strip(".").split("."))
            candidates = (inner.with_suffix(".py"), inner / "__init__.py")
            yield from (each for each in candidates if each.is_file())
