"""Statements and definitions in source text: what they are called, bind and use. Read, never run."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Iterator
from functools import cached_property

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


class Statement:
    """One statement at the top level of a module."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node

    @property
    def lines(self) -> range:
        """Its lines, counted from 1, decorators included."""
        return lines_of(self.node)

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names of the module that it defines, imports, assigns, or changes a part of."""
        return frozenset(_bound(self.node))

    @cached_property
    def uses(self) -> frozenset[str]:
        """Names of the module that it, or the code it defines, looks up."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                table = symtable.symtable(ast.unparse(self.node), "<hand-in>", "exec")
        except (SyntaxError, RecursionError, ValueError):
            names = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}
        else:
            names = set(_looked_up(table, top=True))
        return frozenset(names)


def statements(tree: ast.Module) -> list[Statement]:
    """The statements at the top level, in order."""
    return [Statement(node) for node in tree.body]


def definitions(tree: ast.Module) -> dict[str, Definition]:
    """Functions and classes at the top level; of several with one name the last."""
    return {node.name: node for node in tree.body if isinstance(node, Definition)}


def named_statements(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """Qualified name -> statements that define it: functions, classes, methods, constants."""
    statements: dict[str, list[ast.stmt]] = {}
    for name, node in _named(tree.body, ""):
        statements.setdefault(name, []).append(node)
    return statements


def lines_of(node: ast.stmt) -> range:
    """Lines of a statement, counted from 1, decorators included."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return range(first, (node.end_lineno or node.lineno) + 1)


def text_of(node: ast.stmt, text: str) -> str:
    """The lines of a statement in the text that it was parsed from, decorators included."""
    lines = lines_of(node)
    return "\n".join(text.split("\n")[lines.start - 1 : lines.stop - 1])


def _named(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    for node in body:
        if isinstance(node, Definition):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _named(node.body, f"{prefix}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from ((prefix + target.id, node) for target in targets if isinstance(target, ast.Name))


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        yield from _owner(node)
    elif not isinstance(node, ast.Lambda | ast.comprehension):
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def _owner(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _looked_up(table: symtable.SymbolTable, *, top: bool) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _looked_up(child, top=False)
