"""Ways of a course's code past the import that its modules get, and their refusal when a file is loaded."""

from __future__ import annotations

import ast
from pathlib import Path

from ..errors import SpecError

_PAST = ("importlib", "imp", "runpy", "pkgutil", "zipimport")  # modules that import by a way of their own
_HOOKS = ("__import__", "__builtins__", "builtins.__import__", "sys.modules", "sys.path", "sys.meta_path")
# Import what a text names.
_BY_TEXT = ("importorskip", "patch", "setattr", "delattr", "locate", "resolve_name")
_FINE = ("importlib.metadata", "importlib.resources")


def refuse_ways_past(tree: ast.AST, path: Path, tops: frozenset[str] = frozenset()) -> None:
    """Raise SpecError where a file imports by another way than the statement.

    `tops` are the names at the course's root: a text that leads there is for no other importer.
    """
    nodes = list(ast.walk(tree))
    plain = {id(node.func) for node in nodes if isinstance(node, ast.Call) and called_import(node)}
    aliases = {
        alias.asname: alias.name
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname
    }
    for node in nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Name):
            names = [node.id] if node.id in _HOOKS and id(node) not in plain else []
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [f"{aliases.get(node.value.id, node.value.id)}.{node.attr}"]
        elif isinstance(node, ast.Call) and (name := _text_imported(node, tops)):
            raise _past(path, node.lineno, name)
        for name in names:
            brings = isinstance(node, ast.Import | ast.ImportFrom) and name.partition(".")[0] in _PAST
            if name in _HOOKS or (brings and not name.startswith(_FINE)):
                raise _past(path, getattr(node, "lineno", 1), name)


def _text_imported(call: ast.Call, tops: frozenset[str]) -> str:
    """What a call imports that is given the name of a module of the course, as `mock.patch` is."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    leads = isinstance(text, str) and text.partition(".")[0] in tops
    return f"{name}({text!r})" if leads and name in _BY_TEXT else ""


def called_import(node: ast.AST) -> str:
    """The module that a call of `__import__` names outright; "" for any other node."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__"):
        return ""
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _past(path: Path, line: int, name: str) -> SpecError:
    return SpecError(
        [
            f"{path}: line {line}: uses {name}, which could bring the code of another course; "
            "import what is needed by an import statement"
        ]
    )
