"""Imports of what is not there when work is graded: they work at home, and nowhere else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from itertools import chain

from .folder import Release

_IMPORTING = ("importlib.import_module", "import_module", "__import__")
_HANDLED = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def foreign(release: Release, tree: ast.Module, where: str, *, notebook: bool = False) -> Iterator[str]:
    """A sentence for each import of one file, or cell, that fails in grading and is not prepared for it.

    A cell may import what only helps at home: the kit, and files beside the notebook.
    """
    found = [(line, _folder(release, name)) for line, name in _own(release, tree)]
    for line, name in _imports(tree.body):
        known = name in sys.stdlib_module_names or name in release.imports or _is_module(release, name)
        if not known and not _is_file(release, name):
            found.append((line, _absent(release, name)))
        elif not known and not notebook:
            found.append((line, _beside(release, name)))
    for line, says in dict.fromkeys(found):
        yield f"{where}{', line ' if notebook else ':'}{line}: imports {says}"


def _absent(release: Release, name: str) -> str:
    way_out = f"write it with {' and '.join(release.packages)}"
    return f"{name}, which is not there when your work is graded, so what uses it fails; {way_out}"


def _beside(release: Release, name: str) -> str:
    way_out = f"move what you need of it into {release.library}/"
    return f"{name}, which is not handed in, so what uses it fails when it is graded; {way_out}"


def _folder(release: Release, name: str) -> str:
    way_out = f"make it one file, {release.library}/{name}.py"
    return f"{name}, a folder, which is not handed in, so what uses it fails when it is graded; {way_out}"


def _own(release: Release, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of each folder in the library that is imported from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = f"{release.library}.{node.module or ''}" if node.level == 1 else node.module or ""
            names = [f"{base.rstrip('.')}.{alias.name}" for alias in node.names]
        else:
            continue
        parts = (name.split(".") for name in names)
        own = (part[1] for part in parts if part[0] == release.library and len(part) > 1)
        yield from ((node.lineno, name) for name in own if (release.folder / release.library / name).is_dir())


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
        elif isinstance(node, ast.If) and _is_for_home(node.test):
            yield from _imports(node.orelse)
        elif isinstance(node, ast.Call) and (name := _named_in(node)):
            yield node.lineno, name
        elif not (isinstance(node, ast.With) and any(_suppresses(item) for item in node.items)):
            yield from _imports(ast.iter_child_nodes(node))


def _named_in(call: ast.Call) -> str:
    """The package of `importlib.import_module("scipy.signal")`; nothing for another call."""
    if ast.unparse(call.func) not in _IMPORTING or not call.args:
        return ""
    name = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
    return name.partition(".")[0] if isinstance(name, str) else ""


def _is_for_home(test: ast.expr) -> bool:
    """Whether what follows runs in no grading: for checkers of types, or where the file is the program."""
    return ast.unparse(test).endswith("TYPE_CHECKING") or "__name__" in ast.unparse(test)


def _handles(caught: ast.expr | None) -> bool:
    names = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)} if caught else _HANDLED
    return bool(names & _HANDLED)


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("suppress"):
        return False
    return any(_handles(each) for each in call.args)
