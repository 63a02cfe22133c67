"""Statements as the leak audit compares them: layout, comments and nesting make no difference."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_NESTED = ("body", "orelse", "finalbody", "handlers", "cases")
_LARGE = 12  # nodes; an expression as large as `np.sum(window * w[f]) + b[f]` tells by itself
_COMPUTING = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Subscript, ast.Lambda)
_UNCOUNTED = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One statement, without the statements nested in it."""

    line: int
    whole: str  # its syntax tree, positions left out
    size: int  # nodes of the tree, names that are only assigned to left out; 1 where nothing is computed
    expressions: frozenset[str]  # syntax trees of its large expressions
    text: str  # its source without white space, quotes alike; empty for a compound statement


def fragments(body: list[ast.stmt]) -> list[Fragment]:
    """Statements in reading order, nested ones each by itself; signatures and docstrings left out."""
    return [_fragment(statement) for statement in _flat(body) if not _is_string(statement)]


def squeezed(text: str) -> str:
    """Text without white space, quotes alike."""
    return "".join(text.split()).replace('"', "'")


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node
        for field in _NESTED:
            for inner in getattr(node, field, []):
                yield from _flat([inner] if isinstance(inner, ast.stmt) else inner.body)


def _is_string(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _fragment(node: ast.stmt) -> Fragment:
    own = [value for field, value in ast.iter_fields(node) if field not in _NESTED]
    items = [item for value in own for item in (value if isinstance(value, list) else [value])]
    trees = [item for item in items if isinstance(item, ast.AST)]
    expressions = [inner for tree in trees for inner in ast.walk(tree) if isinstance(inner, ast.expr)]
    compound = any(getattr(node, field, None) for field in _NESTED)
    return Fragment(
        line=node.lineno,
        whole=f"{type(node).__name__} {[ast.dump(x) if isinstance(x, ast.AST) else x for x in items]}",
        size=sum(map(_size, trees)) if any(map(_computes, trees)) else 1,
        expressions=frozenset(
            ast.dump(expression) for expression in expressions if _size(expression) >= _LARGE
        ),
        text="" if compound else squeezed(ast.unparse(node)),
    )


def _computes(tree: ast.AST) -> bool:
    """`return out, (x, w)` and `N, D = x.shape` stand in many functions and tell nothing."""
    return any(isinstance(node, _COMPUTING) for node in ast.walk(tree))


def _size(tree: ast.AST) -> int:
    return sum(not isinstance(node, _UNCOUNTED) and not _only_assigned(node) for node in ast.walk(tree))


def _only_assigned(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Tuple | ast.Starred) and isinstance(node.ctx, ast.Store)
