"""Imports of what is not there when work is graded: they work at home, and nowhere else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from itertools import chain

from .folder import Release

_HANDLED = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def foreign(release: Release, tree: ast.Module, where: str, *, notebook: bool = False) -> Iterator[str]:
    """A sentence for each import of one file, or cell, that fails in grading and is not prepared for it.

    A cell may import what only helps at home: the kit, and files beside the notebook.
    """
    for line, name in dict.fromkeys(_imports(tree.body)):
        if name in sys.stdlib_module_names or name in release.imports or _is_module(release, name):
            continue
        place = f"{where}, line {line}" if notebook else f"{where}:{line}"
        if not _is_file(release, name):
            yield (
                f"{place}: imports {name}, which is not there when your work is graded, "
                f"so what uses it fails; write it with {' and '.join(release.packages)}"
            )
        elif not notebook:
            yield (
                f"{place}: imports {name}, which is not handed in, so what uses it fails when it is "
                f"graded; move what you need of it into {release.library}/"
            )


def _is_module(release: Release, name: str) -> bool:
    return name == release.library or (release.folder / release.library / f"{name}.py").is_file()


def _is_file(release: Release, name: str) -> bool:
    """Whether a module is found at home because it lies in the release's folder, as the kit does."""
    there = (release.folder / name, release.folder / f"{name}.py")
    return name in ("pytest", "_pytest") or any(path.exists() for path in there)


def _imports(body: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Line and package of each import; not of those whose failure is caught, and of those for types alone."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level and node.module:
                yield node.lineno, node.module.partition(".")[0]
        elif isinstance(node, ast.Try) and any(_handles(handler.type) for handler in node.handlers):
            yield from _imports(chain(node.handlers, node.finalbody))
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from _imports(node.orelse)
        elif not (isinstance(node, ast.With) and any(_suppresses(item) for item in node.items)):
            yield from _imports(ast.iter_child_nodes(node))


def _handles(caught: ast.expr | None) -> bool:
    names = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)} if caught else _HANDLED
    return bool(names & _HANDLED)


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("suppress"):
        return False
    return any(_handles(each) for each in call.args)
