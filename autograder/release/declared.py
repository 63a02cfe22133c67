"""What a module declares: its public functions and classes without arguments and bodies.

A student may lose an annotation or write another one. Grading takes answers for what the reference declares,
and so do the public tests, by this text.
"""

from __future__ import annotations

import ast
from typing import Any

from ..source.definitions import Function, statements

_WRAPPERS = ("property", "cached_property", "staticmethod", "classmethod")
_NAMING = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def declared(text: str) -> str:
    """The declarations of a module's text, with the imports and aliases that they need, as Python."""
    module = ast.parse(text)
    kept: list[ast.stmt] = [
        _function(node) if isinstance(node, Function) else _class(node)
        for node in module.body
        if isinstance(node, Function | ast.ClassDef) and _is_public(node.name)
    ]
    for statement in reversed(statements(module)):
        if isinstance(statement.node, _NAMING) and statement.binds & _names(kept):
            kept.insert(0, statement.node)
    future = ast.parse("from __future__ import annotations").body
    return "\n".join(ast.unparse(node) for node in (*future, *kept))


def _names(nodes: list[ast.stmt]) -> set[str]:
    inside = (inner for node in nodes for inner in ast.walk(node))
    return {node.id for node in inside if isinstance(node, ast.Name)}


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Any:
    bare = _parsed(f"def {node.name}(): ...")
    bare.decorator_list = [each for each in node.decorator_list if ast.unparse(each) in _WRAPPERS]
    bare.returns = node.returns
    return bare


def _class(node: ast.ClassDef) -> Any:
    bare = _parsed(f"class {node.name}: ...")
    bare.bases = [base for base in node.bases if isinstance(base, ast.Name)]
    for member in node.body:
        if isinstance(member, ast.AnnAssign):
            bare.body.append(_parsed(f"{ast.unparse(member.target)}: {ast.unparse(member.annotation)}"))
        elif isinstance(member, Function) and _is_public(member.name) and not _is_setter(member):
            bare.body.append(_function(member))
    return bare


def _parsed(text: str) -> Any:
    return ast.parse(text).body[0]


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name.endswith("__")


def _is_setter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(each, ast.Attribute) for each in node.decorator_list)
